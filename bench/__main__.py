"""Runs the measurements and prints one table. They assert that nothing was lost or doubled."""

from bench import api_key, api_list, audit_cost, list_page, live_fanout, log_call, log_rows
from bench.pairs import Pair

MEASURES = (log_rows.measure, log_call.measure, live_fanout.measure, api_key.measure, api_list.measure)


def table(pairs: list[Pair]) -> str:
    """Give the results as Markdown."""
    lines = ["| measure | ours | raw | ratio (lowest to highest) | target | | note |", "| --- " * 7 + "|"]
    lines += [
        f"| {pair.name} | {pair.ours:,.1f} | {pair.raw:,.1f} "
        f"| {pair.ratio:.2f} ({min(pair.ratios):.2f} to {max(pair.ratios):.2f}) "
        f"| {pair.target} | {'met' if pair.is_met else 'missed'} | {pair.note} |"
        for pair in pairs
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table([measure() for measure in MEASURES] + list_page.measure() + audit_cost.measure()))
