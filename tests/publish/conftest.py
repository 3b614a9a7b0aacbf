"""A notebook's kernel, without a kernel: what calls in a cell publish."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from alignbook.publish.outputs import MIME

Output = dict[str, Any]
Run = Callable[[str], list[Output]]


@pytest.fixture(scope="session")
def shell() -> Iterator[InteractiveShell]:
    """One shell for all tests."""
    with mock.patch.dict(os.environ):
        yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.fixture
def run(shell: Any) -> Run:
    """Run a cell; the data and metadata of each of its outputs."""

    def run_cell(source: str) -> list[Output]:
        shell.reset()
        with capture_output() as captured:
            result = shell.run_cell(f"from alignbook.publish import *\n{source}")
        result.raise_error()
        assert captured.stdout == ""
        return [{"data": output.data, "metadata": output.metadata} for output in captured.outputs]

    return run_cell


@pytest.fixture
def published(run: Run) -> Callable[[str], Output]:
    """Run a cell that publishes one thing: what the press reads of it."""

    def run_cell(source: str) -> Output:
        (output,) = run(source)
        record = output["data"][MIME]
        assert isinstance(record, dict)
        return record

    return run_cell
