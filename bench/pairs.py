"""Two ways of doing the same, measured in turn, so that a machine's mood hits both."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Pair:
    """What came out.

    Attributes:
        name: what was measured, and in which unit.
        ours: our median, in that unit.
        raw: the raw way's median, in that unit.
        ratios: ours through raw, one for each round.
        target: what the median ratio should reach, like `>= 0.75`.
        note: CPU time, and what was checked beside the time.
    """

    name: str
    ours: float
    raw: float
    ratios: tuple[float, ...]
    target: str
    note: str

    @property
    def ratio(self) -> float:
        """Give the median ratio."""
        return statistics.median(self.ratios)

    @property
    def is_met(self) -> bool:
        """Tell whether the target is reached."""
        relation, _, bound = self.target.partition(" ")
        return self.ratio >= float(bound) if relation == ">=" else self.ratio <= float(bound)


def compare(
    name: str, ours: Callable[[], float], raw: Callable[[], float], *, target: str, note: str = ""
) -> Pair:
    """Call both in turn, after one round to warm up. Each gives its own measure."""
    ours()
    raw()
    before = os.times()
    found = [(ours(), raw()) for _ in range(ROUNDS)]
    after = os.times()
    cpu = after.user + after.system - before.user - before.system
    return Pair(
        name=name,
        ours=statistics.median(each for each, _ in found),
        raw=statistics.median(each for _, each in found),
        ratios=tuple(each / other for each, other in found),
        target=target,
        note=f"{cpu:.1f} s CPU in all{'; ' if note else ''}{note}",
    )


def per_second(work: Callable[[], object], count: int) -> float:
    """Give how many of `count` pieces of work are done a second."""
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)
