"""Answers that go wrong on purpose."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

Moment = Literal["before", "after"]
Scope = Literal["user", "global", "shared"]


@dataclass(slots=True)
class Fault:
    """A trouble for the next calls that match.

    Attributes:
        path: regular expression, searched in the path.
        method: HTTP method, empty for any.
        application_id: only calls of this application, None for any.
        times: how many calls it still hits.
        status: HTTP status to answer, 0 to answer as usual.
        delay: seconds to wait first.
        reset: reset the TCP connection instead of answering.
        truncate: answer as usual, and break the body off in the middle.
        retry_after: seconds told with a 429.
        scope: whose limit a 429 speaks of: the bot's on this route (`user`), the bot's over all routes
            (`global`), or everybody's on this resource (`shared`, which counts as no invalid request).
        headers: headers added to the answer; `"Via": ""` takes that one away.
        text: body to answer instead of Discord's JSON error.
        moment: `before` the call takes effect, or `after` it did, so that only the answer is lost.
    """

    path: str
    method: str = ""
    application_id: int | None = None
    times: int = 1
    status: int = 0
    delay: float = 0.0
    reset: bool = False
    truncate: bool = False
    retry_after: float = 1.0
    scope: Scope = "user"
    headers: dict[str, str] | None = None
    text: str | None = None
    moment: Moment = "before"

    def to_json(self) -> dict[str, Any]:
        """Give it for the control door."""
        return asdict(self)


class Faults:
    """The troubles that wait for their calls, in the order they were made."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a trouble wait for its calls."""
        self._waiting.append(fault)

    def take(self, method: str, path: str, application_id: int | None) -> Fault | None:
        """Give the first trouble that matches a call and count it, or None."""
        for fault in self._waiting:
            if self._matches(fault, method, path, application_id):
                fault.times -= 1
                self._waiting = [item for item in self._waiting if item.times > 0]
                return fault
        return None

    def list_waiting(self) -> list[Fault]:
        """Give those that still wait."""
        return list(self._waiting)

    def clear(self) -> None:
        """Take all back."""
        self._waiting.clear()

    def _matches(self, fault: Fault, method: str, path: str, application_id: int | None) -> bool:
        return (
            fault.method in {"", method}
            and fault.application_id in {None, application_id}
            and re.search(fault.path, path) is not None
        )
