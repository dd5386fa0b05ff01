"""Reads of alerts and their channels. None of them gives an address: what is sealed stays sealed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.alerts.errors import ChannelNotFoundError
from socialcube.domain.alerts.models import Alert, AlertChannel, AlertMessage
from socialcube.domain.alerts.types import (
    AlertKind,
    AlertView,
    ChannelKind,
    ChannelView,
    Ending,
    MessageState,
    MessageView,
    News,
    SealedAddress,
)

_FRESH: Final = {"populate_existing": True}
_IS_OPEN: Final = and_(Alert.ended_at.is_(None), Alert.told_at.is_not(None))


def get_channel(session: Session, channel_id: UUID) -> ChannelView:
    """Get a channel.

    Raises:
        ChannelNotFoundError: there is none.
    """
    return to_channel(_get_row(session, channel_id))


def get_address(session: Session, channel_id: UUID) -> SealedAddress:
    """Get where a channel leads, sealed.

    Raises:
        ChannelNotFoundError: there is none.
    """
    return _to_address(_get_row(session, channel_id))


def list_addresses(session: Session) -> list[SealedAddress]:
    """List the addresses of all channels, for who seals them anew."""
    rows = session.scalars(select(AlertChannel).order_by(AlertChannel.id).execution_options(**_FRESH))
    return [_to_address(row) for row in rows]


def list_channels_of(session: Session, bot_id: UUID) -> list[ChannelView]:
    """List the channels that are told of a bot, its own first, those that are switched off too."""
    statement = (
        select(AlertChannel)
        .where(or_(AlertChannel.bot_id == bot_id, AlertChannel.bot_id.is_(None)))
        .order_by(AlertChannel.bot_id.is_(None), AlertChannel.name, AlertChannel.id)
    )
    return [to_channel(row) for row in session.scalars(statement.execution_options(**_FRESH))]


def count_channels(session: Session, bot_id: UUID | None) -> int:
    """Count the channels of a bot, or those of the whole site."""
    statement = select(func.count()).select_from(AlertChannel).where(_is_of(bot_id))
    return session.scalar(statement) or 0


def has_channel(session: Session) -> bool:
    """Tell whether anybody is told of anything."""
    return session.scalar(select(AlertChannel.id).where(AlertChannel.is_on.is_(True)).limit(1)) is not None


def list_broken_channels(session: Session, scope: Scope) -> list[ChannelView]:
    """List the channels where nothing arrives, on or switched off for it, of those that one may change."""
    statement = select(AlertChannel).where(AlertChannel.problem != "")
    if not scope.is_all:
        statement = statement.where(AlertChannel.bot_id.in_(scope.bot_ids))
    return [to_channel(row) for row in session.scalars(statement.order_by(AlertChannel.name))]


def list_open(session: Session, *, bot_ids: Collection[UUID] | None = None) -> list[AlertView]:
    """List the open alerts that people were told of, the oldest first."""
    statement = select(Alert).where(_IS_OPEN)
    if bot_ids is not None:
        statement = statement.where(Alert.bot_id.in_(bot_ids))
    rows = session.scalars(statement.order_by(Alert.began_at, Alert.id).execution_options(**_FRESH))
    return [to_alert(row) for row in rows]


def count_open(session: Session) -> dict[AlertKind, int]:
    """Count the open alerts that people were told of, by kind; every kind is there."""
    statement = select(Alert.kind, func.count()).where(_IS_OPEN).group_by(Alert.kind)
    counts = dict(session.execute(statement).all())
    return {kind: counts.get(kind, 0) for kind in AlertKind}


def count_unsent(session: Session, *, since: datetime | None = None) -> int:
    """Count the messages that wait, or those of them that waited at a moment already."""
    waiting = select(func.count()).where(AlertMessage.state == MessageState.WAITING)
    return session.scalar(waiting if since is None else waiting.where(AlertMessage.queued_at <= since)) or 0


def has_waiting(session: Session, channel_id: UUID) -> bool:
    """Tell whether anything waits to be told through a channel."""
    statement = select(AlertMessage.id).where(
        AlertMessage.channel_id == channel_id, AlertMessage.state == MessageState.WAITING
    )
    return session.scalar(statement.limit(1)) is not None


def list_messages(session: Session, alert_id: UUID) -> list[MessageView]:
    """List what was told of an alert, and to whom, in the order in which it came up."""
    statement = (
        select(AlertMessage)
        .where(AlertMessage.alert_id == alert_id)
        .order_by(AlertMessage.queued_at, AlertMessage.channel_name, AlertMessage.id)
    )
    return [_to_message(row) for row in session.scalars(statement.execution_options(**_FRESH))]


def count_messages(session: Session, alert_ids: Sequence[UUID]) -> dict[UUID, dict[MessageState, int]]:
    """Count the messages of alerts by their state."""
    statement = (
        select(AlertMessage.alert_id, AlertMessage.state, func.count())
        .where(AlertMessage.alert_id.in_(alert_ids))
        .group_by(AlertMessage.alert_id, AlertMessage.state)
    )
    counts: dict[UUID, dict[MessageState, int]] = {alert_id: {} for alert_id in alert_ids}
    for alert_id, state, count in session.execute(statement):
        counts[alert_id][MessageState(state)] = count
    return counts


def to_channel(row: AlertChannel) -> ChannelView:
    """Give what people may know of a channel."""
    return ChannelView(
        id=row.id,
        bot_id=row.bot_id,
        name=row.name,
        kind=ChannelKind(row.kind),
        shown=row.shown,
        is_on=row.is_on,
        problem=row.problem,
        made_by=row.made_by,
        version=row.version,
        last_sent_at=row.last_sent_at,
    )


def to_alert(row: Alert) -> AlertView:
    """Give an alert as a value."""
    return AlertView(
        id=row.id,
        bot_id=row.bot_id,
        bot_name=row.bot_name,
        kind=AlertKind(row.kind),
        sentence=row.sentence,
        remedy=row.remedy,
        began_at=row.began_at,
        told_at=row.told_at,
        calm_since=row.calm_since,
        ended_at=row.ended_at,
        ending=Ending(row.ending) if row.ending else None,
    )


def _to_message(row: AlertMessage) -> MessageView:
    return MessageView(
        news=News(row.news),
        channel_id=row.channel_id,
        channel_name=row.channel_name,
        state=MessageState(row.state),
        tries=row.tries,
        problem=row.problem,
        due_at=row.due_at,
        done_at=row.done_at,
    )


def _to_address(row: AlertChannel) -> SealedAddress:
    return SealedAddress(row.id, ChannelKind(row.kind), row.sealed_address)


def _get_row(session: Session, channel_id: UUID) -> AlertChannel:
    row = session.get(AlertChannel, channel_id, populate_existing=True)
    if row is None:
        raise ChannelNotFoundError(kind="alert channel")
    return row


def _is_of(bot_id: UUID | None) -> ColumnElement[bool]:
    return AlertChannel.bot_id.is_(None) if bot_id is None else AlertChannel.bot_id == bot_id
