"""Looks at all bots and follows what goes wrong with them. Whoever tells of it comes afterwards."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.alerts.models import Alert, AlertChannel, AlertMessage
from socialcube.domain.alerts.policy import Step, find_trouble, next_step
from socialcube.domain.alerts.queries import to_alert
from socialcube.domain.alerts.types import (
    MAX_SENTENCE_LENGTH,
    Ending,
    Looked,
    MessageState,
    News,
    Patience,
    Trouble,
)
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.events import BotObserved
from socialcube.domain.bots.types import BotView, DesiredState
from socialcube.domain.placements import queries as placements
from socialcube.kernel.ids import new_id
from socialcube.kernel.text import one_line


def look(uow: UnitOfWork, patience: Patience, *, lease_seconds: float) -> Looked:
    """Compare every bot that should run with its alert. Several may look at once: each change counts once.

    Args:
        uow: an open write unit.
        patience: how long is waited before people are told.
        lease_seconds: how long a runner that was not seen still counts as living.
    """
    session, now = uow.session, uow.clock.now()
    # Locked, so that whoever looks at the same moment waits and then sees what became of them.
    rows = session.scalars(
        select(Alert)
        .where(Alert.ended_at.is_(None))
        .order_by(Alert.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    opened = {row.bot_id: row for row in rows}
    living = {runner.id for runner in placements.list_living_runners(session, within=lease_seconds)}
    look = _Look(uow, now)
    for bot in bots.list_bots(session, state=DesiredState.RUNNING):
        alert = opened.pop(bot.id, None)
        trouble = find_trouble(bot, living=living, now=now, silence=patience.silence)
        look.take(
            next_step(None if alert is None else to_alert(alert), trouble, now, patience), bot, alert, trouble
        )
    for alert in opened.values():
        look.nobody_wants(alert)
    session.flush()
    return Looked(told=look.told, ended=look.ended)


class _Look:
    """One look: takes the steps, and counts those that people will hear of."""

    def __init__(self, uow: UnitOfWork, now: datetime) -> None:
        self._uow = uow
        self._now = now
        self.told = 0
        self.ended = 0

    def take(self, step: Step, bot: BotView, alert: Alert | None, trouble: Trouble | None) -> None:
        """Take one step with the alert of a bot."""
        if alert is None:
            if step is Step.OPEN and trouble:
                self._open(bot, trouble)
            return
        if trouble and alert.told_at is None:
            # People are told of what is wrong now, whatever it was when it began.
            _describe(alert, trouble)
        match step:
            case Step.FORGET:
                self._uow.session.delete(alert)
            case Step.TELL:
                self._tell(alert)
            case Step.WORSEN if trouble:
                self._end(alert, Ending.WORSENED)
                self._uow.session.flush()
                self._open(bot, trouble)
            case Step.CALM:
                alert.calm_since = self._now
            case Step.RELAPSE:
                alert.calm_since = None
            case Step.RECOVER:
                self._tell_end(alert, Ending.RECOVERED)
            case _:
                pass

    def nobody_wants(self, alert: Alert) -> None:
        """End the alert of a bot that was stopped or deleted on purpose."""
        if alert.told_at is None:
            self._uow.session.delete(alert)
        else:
            self._tell_end(alert, Ending.UNWANTED)

    def _open(self, bot: BotView, trouble: Trouble) -> None:
        """Note a trouble that is new. One that needs no grace is told at the same look."""
        alert_id = new_id()
        values = {
            "id": alert_id,
            "bot_id": bot.id,
            "bot_name": bot.name,
            "began_at": self._now,
            **_words_of(trouble),
        }
        made = self._uow.session.execute(
            # The index of open alerts lets one of two that look at the same moment do nothing.
            insert_for(self._uow.session)(Alert).values(**values).on_conflict_do_nothing().returning(Alert.id)
        )
        if made.one_or_none() is not None and not trouble.graces:
            self._tell(self._uow.session.get_one(Alert, alert_id))

    def _tell(self, alert: Alert) -> None:
        alert.told_at, alert.calm_since = self._now, None
        self._uow.session.flush()
        self._queue(alert, News.BEGAN, _channels_of(self._uow, alert.bot_id))
        self._uow.record(BotObserved(alert.bot_id))
        self.told += 1

    def _tell_end(self, alert: Alert, ending: Ending) -> None:
        self._end(alert, ending)
        self._queue(alert, News.ENDED, _drop_waiting(self._uow, alert))
        self.ended += 1

    def _end(self, alert: Alert, ending: Ending) -> None:
        alert.ended_at, alert.ending = self._now, ending
        self._uow.session.flush()
        self._uow.record(BotObserved(alert.bot_id))

    def _queue(self, alert: Alert, news: News, channels: Mapping[UUID, str]) -> None:
        for channel_id, name in channels.items():
            self._uow.session.add(
                AlertMessage(
                    id=new_id(),
                    alert_id=alert.id,
                    channel_id=channel_id,
                    channel_name=name,
                    news=news,
                    queued_at=self._now,
                    due_at=self._now,
                )
            )


def _describe(alert: Alert, trouble: Trouble) -> None:
    for name, value in _words_of(trouble).items():
        if getattr(alert, name) != value:
            setattr(alert, name, value)


def _words_of(trouble: Trouble) -> dict[str, str]:
    return {
        "kind": trouble.kind.value,
        "sentence": one_line(trouble.sentence, MAX_SENTENCE_LENGTH),
        "remedy": one_line(trouble.remedy, MAX_SENTENCE_LENGTH),
    }


def _channels_of(uow: UnitOfWork, bot_id: UUID) -> dict[UUID, str]:
    statement = select(AlertChannel.id, AlertChannel.name).where(
        AlertChannel.is_on.is_(True), or_(AlertChannel.bot_id == bot_id, AlertChannel.bot_id.is_(None))
    )
    return dict(uow.session.execute(statement).all())


def _drop_waiting(uow: UnitOfWork, alert: Alert) -> dict[UUID, str]:
    """Give the channels that heard of an alert, or would have: the latter hear of its end alone."""
    session = uow.session
    session.execute(
        update(AlertMessage)
        .where(
            AlertMessage.alert_id == alert.id,
            AlertMessage.news == News.BEGAN,
            AlertMessage.state == MessageState.WAITING,
        )
        .values(state=MessageState.DROPPED, done_at=uow.clock.now())
        .execution_options(synchronize_session=False)
    )
    statement = (
        select(AlertChannel.id, AlertChannel.name)
        .join(AlertMessage, AlertMessage.channel_id == AlertChannel.id)
        .where(
            AlertMessage.alert_id == alert.id,
            AlertMessage.news == News.BEGAN,
            AlertMessage.state != MessageState.FAILED,
            AlertChannel.is_on.is_(True),
        )
    )
    return dict(session.execute(statement).all())
