"""Alerts and channels for tests."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.alerts.models import Alert, AlertChannel
from socialcube.domain.alerts.ports import AddressSealer
from socialcube.domain.alerts.types import AlertKind, AlertView, ChannelKind, Trouble
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import START

TOKEN = "webhook_token_" + "Aa0-" * 13 + "zq"
WEBHOOK = f"https://discord.com/api/webhooks/4711/{TOKEN}"
STORED_WEBHOOK = f"https://discord.com/api/v10/webhooks/4711/{TOKEN}"


def make_alert(**changes: Any) -> AlertView:
    """Make an open alert that nobody was told of yet."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "bot_id": new_id(),
        "bot_name": "Fern",
        "kind": AlertKind.STOPPED,
        "sentence": "No runner holds this bot.",
        "remedy": "Start a `bots` process.",
        "began_at": START,
    }
    return AlertView(**(fields | changes))


def make_trouble(kind: AlertKind = AlertKind.STOPPED, **changes: Any) -> Trouble:
    """Make something that is wrong with a bot."""
    return Trouble(**({"kind": kind, "sentence": "It is down.", "remedy": "Look."} | changes))


def store_alert(session: Session, bot_id: UUID, **changes: Any) -> Alert:
    """Store an alert that people were told of."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "bot_id": bot_id,
        "bot_name": "Fern",
        "kind": AlertKind.STOPPED,
        "sentence": "No runner holds this bot.",
        "remedy": "Start a `bots` process.",
        "began_at": START,
        "told_at": START,
    }
    alert = Alert(**(fields | changes))
    session.add(alert)
    session.flush()
    return alert


def store_channel(
    session: Session,
    sealer: AddressSealer,
    bot_id: UUID | None = None,
    *,
    target: str = STORED_WEBHOOK,
    **changes: Any,
) -> AlertChannel:
    """Store a channel that leads to a Discord webhook."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "bot_id": bot_id,
        "name": "On call",
        "kind": ChannelKind.DISCORD,
        "shown": "Webhook 4711/••••q",
        "is_on": True,
        "problem": "",
        "made_by": "user:1",
        "created_at": START,
        "updated_at": START,
    }
    channel = AlertChannel(**(fields | changes))
    channel.sealed_address = sealer.seal(Secret(target), channel_id=channel.id)
    session.add(channel)
    session.flush()
    return channel
