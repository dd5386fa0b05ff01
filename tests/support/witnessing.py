"""Reads what the sandbox saw: an account of a runner's doings that the runner cannot colour."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from socialcube.sandbox.control.client import ControlClient

_STARTS = {"identify", "resume"}


def most_sessions_at_once(control: ControlClient) -> dict[str, int]:
    """Give for each bot the highest number of live gateway sessions that its token ever had."""
    live: Counter[str] = Counter()
    most: dict[str, int] = {}
    for seen in control.calls():
        bot = seen["application_id"]
        if seen["kind"] in _STARTS:
            live[bot] += 1
            most[bot] = max(most.get(bot, 0), live[bot])
        elif seen["kind"] == "disconnect" and bot is not None:
            live[bot] -= 1
    return most


def count(calls: Iterable[dict[str, Any]], kind: str, bot_id: str) -> int:
    """Count the entries of a kind for a bot."""
    return sum(seen["kind"] == kind and seen["application_id"] == bot_id for seen in calls)
