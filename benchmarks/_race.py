"""A race: several contestants do the same work, by turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

Contestants = dict[str, Callable[[int], object]]
"""By name: a function that does its work as often as it is told."""


class Race:
    """Times of several contestants, round by round, for one unit of work each.

    In every round each contestant runs once, in a rotated order, after one untimed turn that wakes its threads and
    warms its memory.

    Parameters
    ----------
    contestants : dict of str to function
        See `Contestants`.
    rounds : int
        How many rounds.
    seconds : float
        How long a contestant's turn should take.
    """

    def __init__(self, contestants: Contestants, rounds: int = 15, seconds: float = 0.08) -> None:
        names = list(contestants)
        self.wall: dict[str, list[float]] = {name: [] for name in names}
        self.processor: dict[str, list[float]] = {name: [] for name in names}
        counts = {name: self._count(run, seconds) for name, run in contestants.items()}
        for round_ in range(rounds):
            turn = round_ % len(names)
            for name in names[turn:] + names[:turn]:
                contestants[name](1)
                wall, processor = time.perf_counter(), time.process_time()
                contestants[name](counts[name])
                self.wall[name].append((time.perf_counter() - wall) / counts[name])
                self.processor[name].append((time.process_time() - processor) / counts[name])

    @staticmethod
    def _count(run: Callable[[int], object], seconds: float) -> int:
        run(2)
        start = time.perf_counter()
        run(2)
        return max(1, round(seconds / ((time.perf_counter() - start) / 2)))

    def show(self) -> None:
        """Print the median times of all."""
        for name, times in self.wall.items():
            print(
                f"  {name:28}{median(times) * 1e3:9.2f} ms  {median(self.processor[name]) * 1e3:9.2f} ms of processors"
            )

    def compare(self, name: str, slower: str, faster: str, bar: float, most: bool = False) -> None:
        """Print how many times as long one took as the other; the bar is a least, or with `most` a greatest value."""
        wall, processor = (
            sorted(a / b for a, b in zip(times[slower], times[faster], strict=True))
            for times in (self.wall, self.processor)
        )
        ratio = median(wall)
        reached = "reached" if (ratio <= bar if most else ratio >= bar) else "MISSED"
        sign = "<=" if most else ">="
        print(
            f"  {name:28}{ratio:9.2f} x ({wall[len(wall) // 4]:.2f} to {wall[-1 - len(wall) // 4]:.2f} in half of the "
            f"rounds; processors {median(processor):.2f})   bar {sign} {bar}: {reached}"
        )
