"""Settings of the machine: BLAS on one thread inside and as before outside, how many cores, memory that is kept."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from alignbook.nn import machine


def blas_threads() -> set[int]:
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


def test_blas_has_one_thread_inside_and_as_many_as_before_outside() -> None:
    assert np.ones((2, 2)).any()  # NumPy's BLAS is loaded
    with threadpool_limits(2, user_api="blas"):
        with machine.tuned():
            assert blas_threads() == {1}
        assert blas_threads() == {2}


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "²"])
def test_a_number_of_threads_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNBOOK_THREADS", text)
    with pytest.raises(ValueError, match=f"ALIGNBOOK_THREADS must be a whole number, 1 or more, got '{text}'"):
        machine.cores()


def test_the_variable_decides_and_the_machine_where_it_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNBOOK_THREADS", "7")
    assert machine.cores() == 7
    monkeypatch.delenv("ALIGNBOOK_THREADS")
    assert machine.cores() >= 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc is told")
def test_freed_memory_is_kept() -> None:
    """A large array that is freed and taken again costs no fresh pages: minor page faults stay away."""
    code = """
import resource
import numpy as np
from alignbook.nn import machine

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        np.ones(1_000_000, np.float32)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

with machine.tuned():
    faults()
    print(faults())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 2000  # 20 arrays of about 1,000 pages would be 20,000
