"""The page's engine, run by Node."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alignbook.press import npm
from alignbook.publish.demos import assistant

MODULES = Path(assistant.__path__[0])
_SCRIPT = Path(__file__).with_name("write.mjs")


@dataclass(frozen=True, eq=False)
class Written:
    """What the engine made of one text.

    Parameters
    ----------
    ids : list of int
        The tokens of the prompt, and those that were written.
    prompt : int
        How many of them are the prompt's.
    stopped : bool
        Whether the last token is one that ends a text.
    text : str
        What was written.
    logits : array of float32, shape (read, vocab_size)
        What it scored after each token that it read.
    looked : list of arrays of float32
        For each of these tokens how much it looked at each up to itself: ``layers * heads`` rows.
    """

    ids: list[int]
    prompt: int
    stopped: bool
    text: str
    logits: NDArray[np.float32]
    looked: list[NDArray[np.float32]]


def write(script: str, texts: Sequence[str], draws: Sequence[int] | None = None, **settings: Any) -> list[Written]:
    """Let the engine continue texts, with the settings of `Writing` in ``writing.mjs`` and a draw for each text."""
    request = {"script": script, "modules": MODULES.as_uri(), "texts": texts, "draws": draws, "settings": settings}
    done = _node([str(_SCRIPT)], json.dumps(request))
    assert done.returncode == 0, done.stderr
    print(done.stderr)
    return [_written(json.loads(line)) for line in done.stdout.splitlines()]


def refusal(script: str, text: str, **settings: Any) -> str:
    """What the engine says of a text that it does not take."""
    request = {"script": script, "modules": MODULES.as_uri(), "texts": [text], "settings": settings}
    done = _node([str(_SCRIPT)], json.dumps(request))
    assert done.returncode != 0
    return done.stderr


def _node(arguments: list[str], given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [npm.node(), *arguments], input=given, capture_output=True, text=True, encoding="utf-8", check=False
    )


def _written(line: Mapping[str, Any]) -> Written:
    logits, looked = ([_floats(packed) for packed in line[part]] for part in ("logits", "looked"))
    return Written(line["ids"], line["prompt"], line["stopped"], line["text"], np.array(logits), looked)


def _floats(packed: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(packed), "<f4")
