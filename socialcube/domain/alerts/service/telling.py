"""Takes messages that are due, and notes what became of them.

Whoever sends takes the rows first, in a transaction of its own. So two senders never send the same, and what
a sender left behind when it died is reported instead of sent again: nobody knows whether it arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.alerts.models import Alert, AlertChannel, AlertMessage
from socialcube.domain.alerts.policy import GIVE_UP, LOST_CLAIM, retry_after
from socialcube.domain.alerts.queries import get_address, to_alert
from socialcube.domain.alerts.types import Claimed, MessageState, News
from socialcube.domain.audit import service as audit
from socialcube.kernel.text import one_line

MAX_PROBLEM_LENGTH = 500

_LOST = "The process that sent it ended in the middle. It may have arrived, so it is not sent again."
_SWITCHED_OFF = "The channel was switched off before it could be sent."
_OVER = "It was over before it could be sent."
_MOST = 500


def list_due_channels(uow: UnitOfWork) -> list[tuple[UUID, News]]:
    """List through which channels there is something to tell now, and what sort of news."""
    statement = (
        select(AlertMessage.channel_id, AlertMessage.news)
        .where(
            AlertMessage.state == MessageState.WAITING,
            AlertMessage.due_at <= uow.clock.now(),
            AlertMessage.channel_id.is_not(None),
        )
        .group_by(AlertMessage.channel_id, AlertMessage.news)
        .order_by(func.min(AlertMessage.queued_at), AlertMessage.news)
    )
    return [(channel_id, News(news)) for channel_id, news in uow.session.execute(statement) if channel_id]


def claim_messages(uow: UnitOfWork, channel_id: UUID, news: News) -> Claimed | None:
    """Take what is due for a channel, to send it as one message. Gives None when somebody else has it.

    What waits for a channel that was switched off meanwhile is dropped.
    """
    session, now = uow.session, uow.clock.now()
    channel = session.get(AlertChannel, channel_id, with_for_update={"read": True}, populate_existing=True)
    rows = session.scalars(
        select(AlertMessage)
        .where(
            AlertMessage.channel_id == channel_id,
            AlertMessage.news == news,
            AlertMessage.state == MessageState.WAITING,
            AlertMessage.due_at <= now,
        )
        .order_by(AlertMessage.queued_at, AlertMessage.id)
        .limit(_MOST)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return None
    if channel is None or not channel.is_on:
        _settle(uow, [row.id for row in rows], MessageState.DROPPED, _SWITCHED_OFF)
        return None
    if news is News.BEGAN:
        rows = _leave_out_what_is_over(uow, rows)
    if not rows:
        return None
    for row in rows:
        row.state, row.claimed_at, row.tries = MessageState.SENDING, now, row.tries + 1
    session.flush()
    alerts = session.scalars(
        select(Alert).where(Alert.id.in_({row.alert_id for row in rows})).order_by(Alert.began_at, Alert.id)
    )
    return Claimed(
        address=get_address(session, channel_id),
        news=news,
        message_ids=tuple(row.id for row in rows),
        alerts=tuple(map(to_alert, alerts)),
        tries=max(row.tries for row in rows),
        queued_at=min(row.queued_at for row in rows),
    )


def note_sent(uow: UnitOfWork, taken: Claimed) -> None:
    """Note that a message arrived."""
    _settle(uow, taken.message_ids, MessageState.SENT, "")
    _note_channel(uow, taken.address.channel_id, problem="", last_sent_at=uow.clock.now())


def note_later(uow: UnitOfWork, taken: Claimed, problem: str, wait: timedelta | None = None) -> None:
    """Note that a message could not be sent; it is tried again, less and less often, for a day.

    Args:
        uow: an open write unit.
        taken: what was to be sent.
        problem: why, in a sentence.
        wait: how long the other side asked us to wait, if it did.
    """
    now = uow.clock.now()
    # News that are a day old take none of the fresh ones along.
    old = uow.session.scalars(
        select(AlertMessage.id).where(
            AlertMessage.id.in_(taken.message_ids), AlertMessage.queued_at <= now - GIVE_UP
        )
    ).all()
    _settle(uow, old, MessageState.FAILED, problem)
    values = {"state": MessageState.WAITING, "due_at": now + retry_after(taken.tries, wait)}
    _change(uow, set(taken.message_ids) - set(old), problem=_cut(problem), **values)
    _note_channel(uow, taken.address.channel_id, problem=_cut(problem))


def note_refused(uow: UnitOfWork, taken: Claimed, problem: str) -> None:
    """Note that a message will never arrive. The channel stays on: another message may."""
    _settle(uow, taken.message_ids, MessageState.FAILED, problem)
    _note_channel(uow, taken.address.channel_id, problem=_cut(problem))


def note_gone(uow: UnitOfWork, taken: Claimed, problem: str) -> None:
    """Note that nothing arrives at a channel any more, and switch it off."""
    _settle(uow, taken.message_ids, MessageState.FAILED, problem)
    channel_id = taken.address.channel_id
    # Whoever gave it another address meanwhile is not overruled.
    changed = uow.session.connection().execute(
        update(AlertChannel)
        .where(AlertChannel.id == channel_id, AlertChannel.sealed_address == taken.address.sealed)
        .values(
            is_on=False, problem=_cut(problem), updated_at=uow.clock.now(), version=AlertChannel.version + 1
        )
        .returning(AlertChannel.bot_id, AlertChannel.name)
    )
    row = changed.one_or_none()
    if row is not None:
        audit.record(
            uow,
            Actor.system("alerts"),
            "alert.channel_off",
            subject_kind="channel",
            subject_id=channel_id,
            bot_id=row.bot_id,
            after={"name": row.name, "is_on": False, "problem": _cut(problem)},
        )


def note_lost(uow: UnitOfWork) -> int:
    """Report the messages whose sender ended in the middle. Gives how many."""
    lost = uow.session.scalars(
        select(AlertMessage.id).where(
            AlertMessage.state == MessageState.SENDING, AlertMessage.claimed_at < uow.clock.now() - LOST_CLAIM
        )
    ).all()
    _settle(uow, lost, MessageState.UNKNOWN, _LOST)
    return len(lost)


def drop_waiting(uow: UnitOfWork, channel_id: UUID, problem: str) -> None:
    """Drop what waits for a channel."""
    waiting = uow.session.scalars(
        select(AlertMessage.id).where(
            AlertMessage.channel_id == channel_id, AlertMessage.state == MessageState.WAITING
        )
    ).all()
    _settle(uow, waiting, MessageState.DROPPED, problem)


def _leave_out_what_is_over(uow: UnitOfWork, rows: Sequence[AlertMessage]) -> list[AlertMessage]:
    """Drop the beginnings of alerts that ended meanwhile: told now, they would come after their ends."""
    ended = set(
        uow.session.scalars(
            select(Alert.id).where(Alert.id.in_({row.alert_id for row in rows}), Alert.ended_at.is_not(None))
        )
    )
    _settle(uow, [row.id for row in rows if row.alert_id in ended], MessageState.DROPPED, _OVER)
    return [row for row in rows if row.alert_id not in ended]


def _settle(uow: UnitOfWork, message_ids: Iterable[UUID], state: MessageState, problem: str) -> None:
    _change(uow, message_ids, state=state, problem=_cut(problem), done_at=uow.clock.now())


def _change(uow: UnitOfWork, message_ids: Iterable[UUID], **values: Any) -> None:
    uow.session.execute(
        update(AlertMessage)
        .where(AlertMessage.id.in_(list(message_ids)))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _note_channel(uow: UnitOfWork, channel_id: UUID, **values: Any) -> None:
    """Note how the channel does, past its version: nobody's edit is lost over it."""
    uow.session.connection().execute(
        update(AlertChannel).where(AlertChannel.id == channel_id).values(**values)
    )


def _cut(problem: str) -> str:
    return one_line(problem, MAX_PROBLEM_LENGTH)
