"""Runs the measurements and prints one table. They assert that nothing was lost or doubled.

`python -m bench` runs all of them, `python -m bench interactions idle_memory` some; `--bots 50` makes those
of the fleet smaller.
"""

import argparse
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from bench import (
    api_key,
    api_list,
    audit_cost,
    idle_memory,
    interactions,
    list_page,
    live_fanout,
    log_call,
    log_rows,
    thousand_bots,
)
from bench.pairs import Pair

MEASURES: dict[str, Callable[..., Pair | list[Pair]]] = {
    "interactions": interactions.measure,
    "log_rows": log_rows.measure,
    "log_call": log_call.measure,
    "list_page": list_page.measure,
    "api_key": api_key.measure,
    "api_list": api_list.measure,
    "live_fanout": live_fanout.measure,
    "idle_memory": idle_memory.measure,
    "thousand_bots": thousand_bots.measure,
    "audit_cost": audit_cost.measure,
}
OF_THE_FLEET = frozenset({"interactions", "idle_memory", "thousand_bots"})


def main() -> None:
    """Read which are wanted, run them, print the table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", type=_known, metavar="name", help=", ".join(MEASURES))
    parser.add_argument("--bots", type=int, help="how many bots the fleet has")
    wanted = parser.parse_args()
    print(table(list(_run(wanted.names or list(MEASURES), wanted.bots))))


def table(pairs: list[Pair]) -> str:
    """Give the results as Markdown."""
    lines = ["| measure | ours | raw | ratio (lowest to highest) | target | | note |", "| --- " * 7 + "|"]
    lines += [
        f"| {pair.name} | {pair.ours:,.1f} | {pair.raw:,.1f} "
        f"| {pair.ratio:.3g} ({min(pair.ratios):.3g} to {max(pair.ratios):.3g}) "
        f"| {pair.target} | {'met' if pair.is_met else 'missed'} | {pair.note} |"
        for pair in pairs
    ]
    return "\n".join(lines)


def _known(name: str) -> str:
    if name not in MEASURES:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(MEASURES)}")
    return name


def _run(names: Iterable[str], bots: int | None) -> Iterable[Pair]:
    for name in names:
        sizes: dict[str, Any] = {"bots": bots} if bots and name in OF_THE_FLEET else {}
        found = partial(MEASURES[name], **sizes)()
        yield from found if isinstance(found, list) else [found]


if __name__ == "__main__":
    main()
