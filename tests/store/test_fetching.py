"""An artefact is made once, loaded afterwards, and made again exactly when something that decides it changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.store.walks import FETCH, Walks

from alignbook.store import home


def test_is_made_once_inputs_first_and_then_loaded(walks: Walks) -> None:
    first, second = walks.fetch("FIRST"), walks.fetch("SECOND")
    assert walks.events == ["walk", "walk"]
    assert float(second) == pytest.approx(2 * float(first))
    assert walks.fetch("SECOND") == second
    assert walks.events == ["walk", "walk"]
    assert [path.parent.name for path in walks.files()] == ["first", "second"]
    assert all(re.fullmatch(r"tiny-0-[0-9a-f]{32}\.npz", path.name) for path in walks.files())


@pytest.mark.parametrize(
    ("old", "new", "remade"),
    [
        ('"""Walk from where', '# a comment\n    """It walks from where', 0),
        ("WalkConfig(1000)", "WalkConfig(1001)", 2),  # code, though not this size's settings
        ("size=config.steps", "size=config.steps, loc=0.1", 2),
        ("inputs=(FIRST,)", "inputs=()", 2),
    ],
)
def test_is_made_again_when_its_code_does_something_else(walks: Walks, old: str, new: str, remade: int) -> None:
    walks.fetch()
    walks.edit(old, new)
    walks.fetch()
    assert walks.events.count("walk") == 2 + remade - (1 if "inputs" in old else 0)


def test_each_profile_has_its_own(walks: Walks) -> None:
    ends = {walks.fetch(), walks.fetch(ALIGNBOOK_SEED="1"), walks.fetch(ALIGNBOOK_SIZE="book")}
    assert len(ends) == 3
    assert walks.events.count("walk") == 6
    assert {path.name.rpartition("-")[0] for path in walks.files()} == {"tiny-0", "tiny-1", "book-0"}


def test_the_last_few_are_kept_so_that_a_reverted_change_is_free(walks: Walks) -> None:
    walks.fetch("FIRST", ALIGNBOOK_SEED="1")
    for number in range(5):
        walks.edit("CONFIGS = ", f"WAS_{number} = 1\nCONFIGS = ")
        walks.fetch("FIRST")
    assert len(walks.files("first/tiny-0-*")) == 3
    assert len(walks.files("first/tiny-1-*")) == 1
    walks.edit("WAS_4 = 1\n", "")
    walks.fetch("FIRST")
    assert walks.events.count("walk") == 6


def test_two_fetches_in_a_process_give_one_artefact_that_cannot_be_changed(walks: Walks) -> None:
    script = f"{FETCH.format(name='FIRST')}assert fetch(walks.stage.FIRST) is artefact\nartefact.places[0] = 1"
    for _ in range(2):  # made, and loaded
        errors = walks.start(script).communicate(timeout=60)[1]
        assert errors.endswith("ValueError: assignment destination is read-only\n")


def test_code_that_changes_while_it_runs_gives_nothing_to_keep(walks: Walks) -> None:
    walks.edit("    progress.start(", "    Path(__file__).open('a').write('LATER = 1\\n')\n    progress.start(")
    walks.fetch("FIRST")
    assert walks.files() == []


def test_a_recipe_without_a_module_is_refused(walks: Walks) -> None:
    script = FETCH.format(name="FIRST").replace(
        "artefact =", "import dataclasses\ndef make(): ...\nfetch(dataclasses.replace(walks.stage.FIRST, make=make))\n#"
    )
    errors = walks.start(script).communicate(timeout=60)[1]
    assert "recipe 'first': make must lie in a module that can be imported, such as stage.py" in errors


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{'steps': 3}", "recipe 'first': a config must be a frozen dataclass, got {'steps': 3}"),
        ("WalkConfig(print)", "recipe 'first': a config may hold numbers, text and tuples only"),
    ],
)
def test_settings_that_have_no_fixed_text_are_refused(walks: Walks, config: str, message: str) -> None:
    walks.edit("WalkConfig(60)", config)
    assert message in walks.start(FETCH.format(name="FIRST")).communicate(timeout=60)[1]


def test_a_size_without_settings_is_refused(walks: Walks) -> None:
    walks.edit(', "book": WalkConfig(1000)', "")
    errors = walks.start(FETCH.format(name="FIRST"), ALIGNBOOK_SIZE="book").communicate(timeout=60)[1]
    assert "recipe 'first' has no config for size 'book': add one, it has tiny" in errors


def test_home_is_the_checkouts_unless_it_is_set(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "_config.yml").touch()
    (tmp_path / "book/conf.py").touch()
    assert home({}, tmp_path / "book") == tmp_path / "_build/artefacts"
    assert home({"ALIGNBOOK_HOME": "/somewhere"}, tmp_path) == Path("/somewhere")
    assert home({"XDG_CACHE_HOME": "/cache", "LOCALAPPDATA": "/cache"}, Path("/")).name == "alignbook"
