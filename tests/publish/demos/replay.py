"""Holds a demo's logic.mjs to Python: calls with their results from Python, made again by Node and compared."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from alignbook.press import npm
from alignbook.publish import demos

CLOSE = 1e-12
"""How far a number may be from Python's: absolutely below one, relatively above."""

_SCRIPT = Path(__file__).with_name("replay.mjs")


@dataclass(frozen=True)
class Trace:
    """One call of a function of a module, and what its Python twin returned.

    Parameters
    ----------
    function : str
        Its name.
    arguments : sequence
        What it is given; dataclasses become objects.
    result : object
        What Python says.
    """

    function: str
    arguments: Sequence[Any]
    result: Any


def logic_of(demo: str) -> Path:
    """The logic of a demo."""
    return Path(demos.__path__[0], demo, "logic.mjs")


def replay(module: Path, traces: Sequence[Trace]) -> float:
    """Make all calls in one Node process, and compare.

    Returns
    -------
    float
        The largest gap between two numbers.

    Raises
    ------
    AssertionError
        If a call gives another result than in Python, or fails; names the call and the place.
    """
    calls = [{"function": one.function, "arguments": _plain(one.arguments)} for one in traces]
    request = json.dumps({"module": module.as_uri(), "calls": calls}, allow_nan=False)
    command = [npm.node(), str(_SCRIPT)]
    done = subprocess.run(command, input=request, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    worst = 0.0
    for number, (trace, answer) in enumerate(zip(traces, json.loads(done.stdout), strict=True)):
        what = f"call {number}, {trace.function}"
        assert "error" not in answer, f"{what}: {answer['error']}"
        worst = max(worst, gap(what, _plain(trace.result), answer["result"]))
    return worst


def gap(what: str, expected: Any, found: Any) -> float:
    """The largest gap between the numbers of two values, which are the same in all else."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), f"{what}: expected an object, got {found!r}"
        assert found.keys() == expected.keys(), f"{what}: expected {sorted(expected)}, got {sorted(found)}"
        return max((gap(f"{what}.{key}", part, found[key]) for key, part in expected.items()), default=0.0)
    if isinstance(expected, list):
        assert isinstance(found, list), f"{what}: expected a list, got {found!r}"
        assert len(found) == len(expected), f"{what}: expected {len(expected)} entries, got {len(found)}"
        pairs = enumerate(zip(expected, found, strict=True))
        return max((gap(f"{what}[{at}]", *pair) for at, pair in pairs), default=0.0)
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        assert type(found) is type(expected), f"{what}: expected {expected!r}, got {found!r}"
        assert found == expected, f"{what}: expected {expected!r}, got {found!r}"
        return 0.0
    assert isinstance(found, int | float), f"{what}: expected {expected!r}, got {found!r}"
    distance = abs(found - expected) / max(1.0, abs(expected))
    assert math.isfinite(found), f"{what}: expected {expected!r}, got {found!r}"
    assert distance <= CLOSE, f"{what}: expected {expected!r}, got {found!r}"
    return distance


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
