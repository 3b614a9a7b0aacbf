"""How many chapters run at once."""

import os
import sys

import pytest

from alignbook.press.config import Config, ConfigError, jobs, parse

THREE = parse("title: a\nexecute: {jobs: 3}")
AUTO = Config(title="a")


def usable() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@pytest.mark.parametrize(
    ("config", "environ", "expected"),
    [
        (THREE, {}, 3),
        (THREE, {"ALIGNBOOK_JOBS": ""}, 3),
        (THREE, {"ALIGNBOOK_JOBS": " 5 "}, 5),
        (AUTO, {"ALIGNBOOK_JOBS": "5"}, 5),
        (AUTO, {}, usable()),
        (THREE, {"ALIGNBOOK_JOBS": " auto "}, usable()),
    ],
)
def test_the_environment_comes_before_the_file(config: Config, environ: dict[str, str], expected: int) -> None:
    assert jobs(config, environ) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says which cores a process may use")
def test_auto_counts_the_cores_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5, 6, 7})
    assert jobs(AUTO, {}) == 5


@pytest.mark.parametrize("asked", ["0", "-1", "many", "1.5"])
def test_a_bad_number_in_the_environment_is_named(asked: str) -> None:
    with pytest.raises(ConfigError) as caught:
        jobs(AUTO, {"ALIGNBOOK_JOBS": asked})
    assert str(caught.value) == f"ALIGNBOOK_JOBS: expected a whole number of at least 1, or 'auto', got '{asked}'"
