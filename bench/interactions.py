"""From an event on the wire to the answer at the far end, and how many events a core takes in.

A hundred of our bots and a hundred by hand on py-cord sit at the same gateway, each hundred in one process
on the first core, and are asked in turn.
"""

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.fleet import FIRST_RAW, Gateway, cpu_seconds, fleet, raw_bots
from bench.pairs import ROUNDS, Pair

if TYPE_CHECKING:
    import subprocess

BOTS = 100
USES = 1_000
MINUTES = 20


def measure(bots: int = BOTS, uses: int = USES, rounds: int = ROUNDS) -> list[Pair]:
    """Measure latency at the median and at the slowest hundredth, and events per second of a core."""
    with tempfile.TemporaryDirectory() as folder, Gateway() as gateway, fleet(gateway, Path(folder)) as ours:
        ours.add(bots)
        runner = ours.start()
        gateway.wait_live(bots)
        ours.wait_settled()
        raw_ids = list(range(FIRST_RAW, FIRST_RAW + bots))
        with raw_bots(gateway, FIRST_RAW, bots) as raw:
            gateway.wait_live(2 * bots)
            latencies = _alternate(
                lambda: _latency(gateway, ours.ids, runner, uses),
                lambda: _latency(gateway, raw_ids, raw, uses),
                rounds,
            )
            rates = _alternate(
                lambda: _events(gateway, ours.ids, runner), lambda: _events(gateway, raw_ids, raw), rounds
            )
        assert gateway.counts().get("doubled", 0) == 0, "an interaction was answered twice"
        assert "callback of type 5" not in gateway.counts(), "an answer was only promised"
        note = f"{bots} bots each; lost 0, doubled 0"
        work = " and ".join(
            f"{statistics.median(side[2] for side in found):.0f}" for found in zip(*latencies, strict=True)
        )
        return [
            _pair(
                "P1 interaction p50, µs",
                latencies,
                lambda found: found[0],
                "<= 1.10",
                f"{work} µs CPU a use; {note}",
            ),
            _pair("P1 interaction p99, µs", latencies, lambda found: found[1], "<= 1.20", note),
            _pair("P2 events per s and core", rates, lambda found: found, ">= 0.95", note),
        ]


def _latency(
    gateway: Gateway, bots: list[int], process: "subprocess.Popen[Any]", uses: int
) -> tuple[float, float, float]:
    """Give the median, the slowest hundredth, and the processor time of a use, all in microseconds."""
    before = cpu_seconds(process.pid)
    found = gateway.ask("latency", bots=bots, count=uses)
    assert found["lost"] == 0, f"{found['lost']} uses were not answered"
    times = found["times"]
    used = (cpu_seconds(process.pid) - before) / uses * 1e6
    return times[len(times) // 2], times[int(len(times) * 0.99)], used


def _events(gateway: Gateway, bots: list[int], process: "subprocess.Popen[Any]") -> float:
    before = cpu_seconds(process.pid)
    found = gateway.ask("events", bots=bots, minutes=MINUTES)
    used = cpu_seconds(process.pid) - before
    return float(found["events"] / used)


def _alternate(ours: Callable[[], Any], raw: Callable[[], Any], rounds: int) -> list[tuple[Any, Any]]:
    """Measure both in turn, after one round to warm up."""
    ours()
    raw()
    return [(ours(), raw()) for _ in range(rounds)]


def _pair(
    name: str, found: list[tuple[Any, Any]], read: Callable[[Any], float], target: str, note: str
) -> Pair:
    return Pair(
        name=name,
        ours=statistics.median(read(mine) for mine, _ in found),
        raw=statistics.median(read(theirs) for _, theirs in found),
        ratios=tuple(read(mine) / read(theirs) for mine, theirs in found),
        target=target,
        note=note,
    )
