"""On a terminal a bar moves and shows figures; elsewhere there is a line for each artefact."""

from __future__ import annotations

import io

from rich.console import Console

from alignbook.cli import display


def output(*, terminal: bool) -> str:
    """What is shown while an artefact is made in two parts."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=120, color_system=None)
    with display.shown(console) as bars:
        bars.begin("base", "base model")
        bars.start(2, "texts")
        bars.advance(2, {})
        bars.start(40, "steps")
        bars.advance(30, {"loss": 2.34567})
        bars._progress.refresh()
        bars.end(12.34)
    return file.getvalue()


def test_without_a_terminal_there_is_one_line() -> None:
    assert output(terminal=False) == "made base 12.3 s\n"


def test_on_a_terminal_the_bar_shows_where_it_is() -> None:
    shown = output(terminal=True)
    assert "base model" in shown
    assert "30/40 steps loss 2.35" in shown
    assert "made base 12.3 s" in shown
