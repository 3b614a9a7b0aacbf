"""Files that a demo brings along are named so that they can lie in a site."""

from __future__ import annotations

import pytest

from alignbook.publish.demos.demo import Demo
from alignbook.publish.outputs import FILES
from alignbook.publish.tables import table_output

STATIC = table_output({"a": [1]}, name="t", caption="A table.")


def demo(files: dict[str, str]) -> Demo:
    """A demo with these files."""
    return Demo("d", "ab-thing", "A thing", "Poke it.", ["Poke it."], {}, STATIC, files=files)


def test_files_stand_beside_the_record_which_names_them() -> None:
    output = demo({"model-2.js": "two()", "model-1.js": "one()"}).output
    assert output.record["files"] == ["model-1.js", "model-2.js"]
    assert output.parts[FILES] == {"model-2.js": "two()", "model-1.js": "one()"}
    assert FILES not in demo({}).output.parts


@pytest.mark.parametrize("name", ["../evil.js", "model.css", "Model.js", "a b.js", ".js", "model-.js"])
def test_a_name_that_no_site_should_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"demo 'd': files must be named as in 'model-1f\.js', got "):
        demo({name: ""})
