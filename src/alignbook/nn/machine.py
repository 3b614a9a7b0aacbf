"""Two settings of the machine that training needs: one thread for matrix products, and memory that is kept.

The trainer runs two halves of a batch in two threads of Python. BLAS with threads of its own on top would make them
fight for the cores, and would add up sums in another order: so it gets one. And a training step frees and takes the
same large arrays again and again; the C library gives each back to the system and gets it back as fresh pages that must
be cleared, which can cost more than the computation. It is asked to keep them. Where the system has large pages, the
memory that it keeps is made of these: the processor then spends less time on finding out where a page lies (4 to 9% of
a training step, as measured).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Numbers of glibc's malloc.h: M_TRIM_THRESHOLD, M_MMAP_THRESHOLD and M_ARENA_MAX."""

_HUGEPAGE, _LARGE_PAGE = 14, 1 << 21
"""MADV_HUGEPAGE of Linux's mman.h, and how many bytes a large page has."""

_KEPT = 1 << 30
"""Bytes up to which memory is kept: one gibibyte."""


@contextmanager
def tuned() -> Iterator[None]:
    """Compute with one BLAS thread, and keep freed memory from now on.

    The threads are set through `threadpoolctl` where it is installed (the extra ``cli``); elsewhere set
    ``OPENBLAS_NUM_THREADS=1`` before NumPy is imported, as the command and the book's kernels do.
    """
    _keep_freed_memory()
    libraries = _libraries()
    if libraries is None:
        yield
        return
    with libraries.limit(limits=1, user_api="blas"):
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
def _libraries() -> ThreadpoolController | None:
    """The libraries with threads of their own; found once, since looking takes as long as a step of a small model."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController()


@cache
def _keep_freed_memory() -> None:
    """Tell glibc once; other C libraries keep their own habits."""
    if not sys.platform.startswith("linux"):
        return
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(_MMAP_THRESHOLD, _KEPT)
        libc.mallopt(_TRIM_THRESHOLD, _KEPT)
        libc.mallopt(_ARENA_MAX, 1)  # threads share what is kept
        libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
        libc.free.argtypes = (ctypes.c_void_p,)
        libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    except (OSError, AttributeError):
        return
    # A block that is never written to costs no memory. Freed, it is where the next arrays come from.
    block = libc.malloc(_KEPT // 2)
    if block:
        start = -(-block // _LARGE_PAGE) * _LARGE_PAGE
        libc.madvise(start, _KEPT // 2 - _LARGE_PAGE, _HUGEPAGE)
        libc.free(block)
