"""The faults of gateway connections."""

from typing import Any

from socialcube.sandbox.control.door import Order, required
from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.gateway.faults import DEEDS, FOR_EVER, MOMENTS, NAMELESS, GatewayFault

_LONGEST_SECONDS = 600.0


async def add(order: Order) -> Any:
    """Let a fault wait for connections, heartbeats or events."""
    form = order.read(
        deed=fields.one_word(DEEDS),
        application_id=fields.snowflake,
        shard=fields.integer(most=10_000),
        moment=fields.one_word(MOMENTS),
        times=fields.integer(least=1, most=FOR_EVER),
        code=fields.integer(least=1000, most=4999),
        resumable=fields.boolean,
        seconds=fields.number(bound=_LONGEST_SECONDS),
        event=fields.text(most=100),
        copies=fields.integer(least=1, most=100),
        window=fields.integer(least=1, most=10_000),
        seed=fields.integer(),
        data=lambda value, _: value,
    )
    required(form, "deed")
    _check_moment(form)
    order.parts.hub.faults.add(GatewayFault(**form))
    return await list_all(order)


async def list_all(order: Order) -> Any:
    """Give the faults that still wait."""
    return [fault.to_json() for fault in order.parts.hub.faults.list_waiting()]


async def clear(order: Order) -> Any:
    """Take all faults back."""
    order.parts.hub.faults.clear()
    return {}


def _check_moment(form: dict[str, Any]) -> None:
    """Refuse what could never happen: before IDENTIFY nobody knows whose connection it is."""
    moment = form.get("moment", "identify")
    if moment in NAMELESS and ("application_id" in form or "shard" in form):
        raise _refusal("At this moment nobody knows yet whose connection it is.")
    if moment != "identify" and form["deed"] in {"invalidate", "delay"}:
        raise _refusal("This can only be the answer to IDENTIFY or RESUME.")


def _refusal(message: str) -> InvalidFormError:
    return InvalidFormError({"moment": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": message}]}})
