"""Who is told when a bot is in trouble, as its page says it."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission
from socialcube.domain.alerts import queries
from socialcube.domain.alerts.types import AlertView, ChannelView
from socialcube.domain.bots.types import StateWords
from socialcube.web import identity
from socialcube.web.pages.alert_words import alert_state, channel_state
from socialcube.web.pages.bots.head import Head


@dataclass(frozen=True, slots=True)
class Channel:
    """A line of the panel.

    Attributes:
        url: of the channel, empty when the person may not open it.
    """

    view: ChannelView
    words: StateWords
    url: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What the panel shows.

    Attributes:
        channels: of this bot and of every bot; None when the person may only know how many there are.
        count: how many are switched on.
        alert: the open one, None when all is well.
        alert_words: how it is.
        add_url: where a channel is added, empty when the person may not.
    """

    channels: list[Channel] | None
    count: int
    alert: AlertView | None
    alert_words: StateWords | None
    add_url: str


def read_telling(session: Session, head: Head) -> Telling:
    """Read who is told of a bot."""
    may_edit = Permission.ALERT_EDIT in head.may
    may_edit_all = identity.scope(Permission.ALERT_EDIT).is_all
    found = queries.list_channels_of(session, head.bot.id)
    alerts = queries.list_open(session, bot_ids=[head.bot.id])
    channels = [
        Channel(view, channel_state(view), _url(view) if view.bot_id or may_edit_all else "")
        for view in found
    ]
    return Telling(
        channels=channels if may_edit else None,
        count=sum(view.is_on for view in found),
        alert=alerts[0] if alerts else None,
        alert_words=alert_state(alerts[0]) if alerts else None,
        add_url=url_for("alert_channels.create_view", bot=head.bot.id) if may_edit else "",
    )


def _url(view: ChannelView) -> str:
    return url_for("alert_channels.details_view", id=view.id)
