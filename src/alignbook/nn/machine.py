"""Two settings of the machine that training needs: one thread for matrix products, and freed memory that is kept.

The trainer runs two halves of a batch in two threads of Python. BLAS with threads of its own on top would make them
fight for the cores, and would add up sums in another order: so it gets one. And a training step frees and takes the
same large arrays again and again; the C library gives each back to the system and gets it back as fresh pages that must
be cleared, which can cost more than the computation. It is asked to keep them.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Numbers of glibc's malloc.h: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD."""

_KEPT = 1 << 30
"""Bytes up to which memory is kept: one gibibyte."""


@contextmanager
def tuned() -> Iterator[None]:
    """Compute with one BLAS thread, and keep freed memory from now on.

    The threads are set through `threadpoolctl` where it is installed (the extra ``cli``); elsewhere set
    ``OPENBLAS_NUM_THREADS=1`` before NumPy is imported, as the command and the book's kernels do.
    """
    _keep_freed_memory()
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        yield
        return
    with threadpool_limits(1, user_api="blas"):
        yield


def cores() -> int:
    """How many threads a computation should use: ``ALIGNBOOK_THREADS``, or the cores that this process may use.

    Raises
    ------
    ValueError
        If the variable is no whole number, 1 or more.
    """
    text = os.environ.get("ALIGNBOOK_THREADS", "")
    if not text:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ValueError(f"ALIGNBOOK_THREADS must be a whole number, 1 or more, got {text!r}")
    return int(text)


@cache
def _keep_freed_memory() -> None:
    """Tell glibc once; other C libraries keep their own habits."""
    if not sys.platform.startswith("linux"):
        return
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(_MMAP_THRESHOLD, _KEPT)
        libc.mallopt(_TRIM_THRESHOLD, _KEPT)
    except (OSError, AttributeError):
        return
