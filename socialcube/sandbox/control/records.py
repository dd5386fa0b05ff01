"""What the witness saw, and the faults that wait."""

import re
from typing import Any

from socialcube.sandbox.control.door import Order, required
from socialcube.sandbox.faults import Fault
from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.report import Report
from socialcube.sandbox.witness import Seen

_LONGEST_DELAY = 600.0


def _pattern(value: object, report: Report) -> str | None:
    try:
        re.compile(str(value))
    except re.error as error:
        report.add("REGEX_INVALID", f"This is no regular expression: {error}.")
        return None
    return str(value)


_moment = fields.one_word(("before", "after"))
_scope = fields.one_word(("user", "global", "shared"))


async def list_calls(order: Order) -> Any:
    """Give what was seen after an id, oldest first, filtered by kind, application, method and path."""
    form = order.query(
        after=fields.integer(most=1 << 62),
        limit=fields.integer(least=1, most=20_000),
        kind=fields.text(most=20),
        application_id=fields.text(most=20),
        method=fields.text(most=10),
        path=_pattern,
    )
    found = order.parts.witness.list_since(form.get("after", 0), _filter(form), form.get("limit", 1000))
    return [entry.to_json() for entry in found]


async def clear_calls(order: Order) -> Any:
    """Forget what was seen."""
    order.parts.witness.clear()
    return {}


async def add_fault(order: Order) -> Any:
    """Let a fault wait for its calls."""
    form = order.read(
        path=_pattern,
        method=fields.text(most=10),
        application_id=fields.snowflake,
        times=fields.integer(least=1, most=1_000_000),
        status=fields.one_of((0, *range(400, 600))),
        delay=fields.number(bound=_LONGEST_DELAY),
        reset=fields.boolean,
        truncate=fields.boolean,
        scope=_scope,
        retry_after=fields.number(bound=_LONGEST_DELAY),
        headers=fields.texts(least=0, most=200),
        text=fields.text(most=100_000),
        moment=_moment,
    )
    required(form, "path")
    order.parts.faults.add(Fault(**form))
    return await list_faults(order)


async def list_faults(order: Order) -> Any:
    """Give the faults that still wait."""
    return [fault.to_json() for fault in order.parts.faults.list_waiting()]


async def clear_faults(order: Order) -> Any:
    """Take all faults back."""
    order.parts.faults.clear()
    return {}


def _filter(form: dict[str, Any]) -> Any:
    path = re.compile(form.get("path", ""))

    def keep(entry: Seen) -> bool:
        return (
            form.get("kind", entry.kind) == entry.kind
            and form.get("application_id", entry.application_id) == entry.application_id
            and form.get("method", entry.method) == entry.method
            and path.search(entry.path) is not None
        )

    return keep
