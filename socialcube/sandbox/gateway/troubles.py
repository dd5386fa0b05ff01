"""Lets faults happen to connections."""

from typing import TYPE_CHECKING

from socialcube.sandbox.gateway.faults import GatewayFaults, Moment
from socialcube.sandbox.gateway.protocol import CloseCode, GatewayClosedError, NotNowError

if TYPE_CHECKING:
    from socialcube.sandbox.gateway.connection import Connection
    from socialcube.sandbox.gateway.session import Session


def meet(
    faults: GatewayFaults,
    connection: "Connection",
    moment: Moment,
    application_id: int | None = None,
    shard: int | None = None,
) -> None:
    """Let the fault happen that waits for this moment of a connection, if one does.

    Raises:
        GatewayClosedError: the connection is to be closed.
        NotNowError: it is to be told that its session is invalid.
    """
    fault = faults.take(
        "close", "abort", "invalidate", "delay", application_id=application_id, shard=shard, moment=moment
    )
    if fault is None:
        return
    if fault.deed == "close":
        raise GatewayClosedError(fault.code, "Closed on purpose.")
    if fault.deed == "abort":
        connection.abort()
        raise GatewayClosedError(CloseCode.UNKNOWN_ERROR, "Cut on purpose.")
    if fault.deed == "invalidate":
        raise NotNowError(resumable=fault.resumable)
    connection.hold(fault.seconds)


def drops_ack(faults: GatewayFaults, session: "Session | None") -> bool:
    """Tell whether a fault keeps a heartbeat from being answered."""
    if faults.is_empty or session is None:
        return False
    found = faults.take("drop_acks", application_id=session.application_id, shard=session.shard[0])
    return found is not None
