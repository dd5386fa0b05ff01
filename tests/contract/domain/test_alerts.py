"""Alerts on both databases: who is told what, and how often."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.alerts import queries, service
from socialcube.domain.alerts.models import Alert, AlertChannel, AlertMessage
from socialcube.domain.alerts.types import (
    AlertKind,
    Claimed,
    Ending,
    Looked,
    MessageState,
    News,
    Patience,
)
from socialcube.domain.audit.models import AuditLog
from socialcube.domain.bots.models import Bot, BotState
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason
from socialcube.domain.placements.models import Runner
from socialcube.infra.address_sealer import DerivedAddressSealer
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from tests.contract.domain.conftest import Race
from tests.factories.alerts import store_alert, store_channel
from tests.factories.bots import make_bot
from tests.fakes.clock import START, FakeClock
from tests.support.databases import Database

SEALER = DerivedAddressSealer([Secret("s" * 32)])
PATIENCE = Patience(grace=timedelta(seconds=60), recovery=timedelta(seconds=120))
ONLINE: dict[str, Any] = {"process": ProcessState.RUNNING, "gateway": GatewayState.CONNECTED}
LOST: dict[str, Any] = {"process": ProcessState.RUNNING, "gateway": GatewayState.RECONNECTING}
HELD: dict[str, Any] = {
    "process": ProcessState.HELD,
    "gateway": GatewayState.DISCONNECTED,
    "reason": Reason.TOKEN_INVALID,
    "held_generation": 1,
}


class Fleet:
    """One runner with bots, and the look of a worker."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.runner = new_id()
        with self.unit() as uow:
            # Runners live by the database's clock, which no test turns.
            far = START + timedelta(days=36_500)
            uow.session.add(
                Runner(id=self.runner, host="here", pid=1, lock_path="", started_at=far, seen_at=far)
            )
            uow.commit()

    def unit(self) -> UnitOfWork:
        return self.database.unit(clock=self.clock)

    def add_bot(self, name: str = "Fern", **state: Any) -> UUID:
        with self.unit() as uow:
            seen = ONLINE | {"runner_id": self.runner} | state
            bot_id = make_bot(uow.session, name=name, desired_state=DesiredState.RUNNING, state=seen).id
            uow.commit()
        return bot_id

    def add_channel(self, bot_id: UUID | None = None, **changes: Any) -> UUID:
        with self.unit() as uow:
            channel_id = store_channel(uow.session, SEALER, bot_id, **changes).id
            uow.commit()
        return channel_id

    def see(self, bot_id: UUID, **state: Any) -> None:
        with self.unit() as uow:
            row = uow.session.get_one(BotState, bot_id)
            for name, value in state.items():
                setattr(row, name, value)
            uow.commit()

    def look(self, *, after: float = 0) -> Looked:
        self.clock.advance(after)
        with self.unit() as uow:
            looked = service.look(uow, PATIENCE, lease_seconds=20)
            uow.commit()
        return looked

    def take(self) -> list[Claimed]:
        with self.unit() as uow:
            due = service.list_due_channels(uow)
            taken = [service.claim_messages(uow, *each) for each in due]
            uow.commit()
        return [claimed for claimed in taken if claimed]

    def deliver(self) -> list[tuple[News, list[str]]]:
        """Send all that is due; gives what each message told of whom."""
        taken = self.take()
        with self.unit() as uow:
            for claimed in taken:
                service.note_sent(uow, claimed)
            uow.commit()
        return [(claimed.news, [alert.bot_name for alert in claimed.alerts]) for claimed in taken]

    def put_off(self, taken: Claimed) -> None:
        self.do(lambda uow: service.note_later(uow, taken, "No answer."))

    def do(self, work: Callable[[UnitOfWork], Any]) -> Any:
        with self.unit() as uow:
            result = work(uow)
            uow.commit()
        return result

    def alerts(self) -> list[Alert]:
        with self.unit() as uow:
            rows = list(uow.session.scalars(select(Alert).order_by(Alert.id)))
            uow.session.expunge_all()
        return rows

    def messages(self) -> list[tuple[str, str, str]]:
        with self.unit() as uow:
            rows = uow.session.scalars(select(AlertMessage).order_by(AlertMessage.queued_at, AlertMessage.id))
            return [(row.news, row.state, row.problem) for row in rows]


@pytest.fixture
def fleet(database: Database) -> Fleet:
    return Fleet(database)


def test_a_stopped_bot_is_told_once_and_its_recovery_once(fleet: Fleet) -> None:
    bot_id = fleet.add_bot()
    fleet.add_bot("Neighbour")
    fleet.add_channel()
    assert fleet.look() == Looked()
    fleet.see(bot_id, **LOST)
    assert fleet.look() == Looked()
    assert fleet.deliver() == []
    assert fleet.look(after=60) == Looked(told=1)
    assert fleet.look(after=15) == Looked()
    assert fleet.deliver() == [(News.BEGAN, ["Fern"])]
    fleet.see(bot_id, **ONLINE)
    assert fleet.look(after=15) == Looked()
    assert fleet.look(after=120) == Looked(ended=1)
    assert fleet.look(after=15) == Looked()
    assert fleet.deliver() == [(News.ENDED, ["Fern"])]
    assert fleet.deliver() == []
    (alert,) = fleet.alerts()
    assert (alert.kind, alert.ending) == (AlertKind.GATEWAY_DEAD, Ending.RECOVERED)
    assert alert.began_at == START


def test_a_restart_tells_nobody(fleet: Fleet) -> None:
    bot_id = fleet.add_bot()
    fleet.add_channel()
    fleet.see(bot_id, process=ProcessState.STARTING, gateway=GatewayState.CONNECTING)
    fleet.look()
    fleet.look(after=30)
    fleet.see(bot_id, **ONLINE)
    fleet.look(after=15)
    fleet.look(after=60)
    assert fleet.alerts() == []
    assert fleet.messages() == []


def test_a_bot_that_flaps_is_told_of_once(fleet: Fleet) -> None:
    bot_id = fleet.add_bot(**LOST)
    fleet.add_channel()
    fleet.look()
    fleet.look(after=60)
    for state in (ONLINE, LOST) * 5:
        fleet.see(bot_id, **state)
        fleet.look(after=45)
    assert fleet.deliver() == [(News.BEGAN, ["Fern"])]
    assert len(fleet.alerts()) == 1


def test_a_bot_that_comes_and_goes_faster_than_the_grace_is_told_of(fleet: Fleet) -> None:
    bot_id = fleet.add_bot(**LOST)
    fleet.add_channel()
    for state, seconds in ((LOST, 45), (ONLINE, 15)) * 4:
        fleet.see(bot_id, **state)
        fleet.look()
        fleet.clock.advance(seconds)
    assert fleet.deliver() == [(News.BEGAN, ["Fern"])]


def test_people_hear_once_and_of_what_is_wrong_now(fleet: Fleet) -> None:
    bot_id = fleet.add_bot(**LOST)
    fleet.add_channel()
    fleet.look()
    fleet.see(bot_id, **HELD)
    assert fleet.look(after=15) == Looked(told=1)
    assert fleet.look(after=15) == Looked()
    assert fleet.deliver() == [(News.BEGAN, ["Fern"])]
    assert [alert.kind for alert in fleet.alerts()] == ["needs_you"]


def test_a_held_bot_is_told_of_at_the_first_look(fleet: Fleet) -> None:
    fleet.add_bot(**HELD)
    fleet.add_channel()
    assert fleet.look() == Looked(told=1)
    assert fleet.deliver() == [(News.BEGAN, ["Fern"])]


def test_a_trouble_that_now_needs_people_is_told_again(fleet: Fleet) -> None:
    bot_id = fleet.add_bot(**LOST)
    fleet.add_channel()
    fleet.look()
    fleet.look(after=60)
    fleet.deliver()
    fleet.see(bot_id, **HELD)
    assert fleet.look(after=15) == Looked(told=1)
    assert fleet.deliver() == [(News.BEGAN, ["Fern"])]
    assert [alert.ending for alert in fleet.alerts()] == [Ending.WORSENED, None]


def test_the_alert_of_a_bot_that_somebody_stops_is_over_at_once(fleet: Fleet) -> None:
    told, pending = fleet.add_bot(**LOST), fleet.add_bot("Moss")
    fleet.add_channel()
    fleet.look()
    fleet.look(after=60)
    fleet.deliver()
    fleet.see(pending, **LOST)
    fleet.look()

    def stop(uow: UnitOfWork) -> None:
        for bot_id in (told, pending):
            uow.session.get_one(Bot, bot_id).desired_state = DesiredState.STOPPED

    fleet.do(stop)
    assert fleet.look(after=1) == Looked(ended=1)
    assert fleet.deliver() == [(News.ENDED, ["Fern"])]
    assert [alert.ending for alert in fleet.alerts()] == [Ending.UNWANTED]


def test_each_channel_hears_of_its_bots_alone(fleet: Fleet) -> None:
    fern, moss = fleet.add_bot(**HELD), fleet.add_bot("Moss", **HELD)
    fleet.add_channel(fern, name="Of Fern")
    fleet.add_channel(moss, name="Of Moss")
    fleet.add_channel(name="Of all")
    fleet.add_channel(name="Off", is_on=False)
    fleet.look()
    told = sorted(sorted(names) for _, names in fleet.deliver())
    assert told == [["Fern"], ["Fern", "Moss"], ["Moss"]]


def test_many_bots_at_once_are_one_message_for_a_channel(fleet: Fleet) -> None:
    for number in range(25):
        fleet.add_bot(f"Bot {number}", **HELD)
    fleet.add_channel()
    fleet.look()
    ((news, names),) = fleet.deliver()
    assert (news, len(names)) == (News.BEGAN, 25)


def test_what_could_not_be_told_is_told_later_once(fleet: Fleet) -> None:
    fleet.add_bot(**HELD)
    channel_id = fleet.add_channel()
    fleet.look()
    (taken,) = fleet.take()
    fleet.put_off(taken)
    assert fleet.take() == []
    with fleet.unit() as uow:
        assert queries.get_channel(uow.session, channel_id).problem == "No answer."
        assert queries.count_unsent(uow.session) == 1
        queued = fleet.clock.now()
        assert queries.count_unsent(uow.session, since=queued) == 1
        assert queries.count_unsent(uow.session, since=queued - timedelta(minutes=5)) == 0
    fleet.clock.advance(15)
    assert fleet.deliver() == [(News.BEGAN, ["Fern"])]
    fleet.clock.advance(3600)
    assert fleet.deliver() == []
    with fleet.unit() as uow:
        channel = queries.get_channel(uow.session, channel_id)
    assert (channel.problem, channel.last_sent_at) == ("", fleet.clock.now() - timedelta(hours=1))


def test_what_is_over_before_it_could_be_told_is_told_as_one_piece_of_news(fleet: Fleet) -> None:
    bot_id = fleet.add_bot(**HELD)
    fleet.add_channel()
    fleet.look()
    (taken,) = fleet.take()
    fleet.put_off(taken)
    fleet.see(bot_id, **(ONLINE | {"held_generation": None, "reason": None}))
    fleet.look(after=1)
    fleet.look(after=120)
    assert fleet.deliver() == [(News.ENDED, ["Fern"])]
    assert [state for _, state, _ in fleet.messages()] == [MessageState.DROPPED, MessageState.SENT]


def test_nobody_hears_that_it_began_after_it_was_over(fleet: Fleet) -> None:
    bot_id = fleet.add_bot(**HELD)
    fleet.add_channel()
    fleet.look()
    (taken,) = fleet.take()
    fleet.see(bot_id, **(ONLINE | {"held_generation": None, "reason": None}))
    fleet.look(after=1)
    fleet.look(after=120)
    # Only now does its sender find that nobody answered.
    fleet.put_off(taken)
    fleet.clock.advance(3600)
    assert fleet.deliver() == [(News.ENDED, ["Fern"])]
    assert fleet.deliver() == []


def test_old_news_that_are_given_up_take_no_fresh_ones_along(fleet: Fleet) -> None:
    fleet.add_bot("Old", **HELD)
    fleet.add_channel()
    fleet.look()
    fleet.clock.advance(timedelta(days=1).total_seconds())
    fleet.add_bot("Fresh", **HELD)
    fleet.look()
    (taken,) = fleet.take()
    fleet.put_off(taken)
    assert [state for _, state, _ in fleet.messages()] == [MessageState.FAILED, MessageState.WAITING]
    fleet.clock.advance(60)
    assert fleet.deliver() == [(News.BEGAN, ["Fresh"])]


def test_news_are_given_up_after_a_day(fleet: Fleet) -> None:
    fleet.add_bot(**HELD)
    fleet.add_channel()
    fleet.look()
    for _ in range(200):
        fleet.clock.advance(900)
        for taken in fleet.take():
            fleet.put_off(taken)
    assert fleet.messages() == [(News.BEGAN, MessageState.FAILED, "No answer.")]


def test_what_a_dead_sender_took_is_reported_and_never_sent_again(fleet: Fleet) -> None:
    fleet.add_bot(**HELD)
    fleet.add_channel()
    fleet.look()
    assert len(fleet.take()) == 1
    assert fleet.do(service.note_lost) == 0
    fleet.clock.advance(151)
    assert fleet.do(service.note_lost) == 1
    ((_, state, problem),) = fleet.messages()
    assert state == MessageState.UNKNOWN
    assert "may have arrived" in problem
    assert fleet.deliver() == []


def test_a_channel_that_is_gone_is_switched_off_with_the_reason(fleet: Fleet) -> None:
    first = fleet.add_bot(**HELD)
    channel_id = fleet.add_channel(first)
    fleet.look()
    (taken,) = fleet.take()
    fleet.do(lambda uow: service.note_gone(uow, taken, "It is not there any more."))
    with fleet.unit() as uow:
        channel = queries.get_channel(uow.session, channel_id)
        (entry,) = uow.session.scalars(select(AuditLog).where(AuditLog.action == "alert.channel_off"))
        assert (entry.bot_id, entry.actor) == (first, "system:alerts")
    assert (channel.is_on, channel.problem, channel.version) == (False, "It is not there any more.", 2)
    assert fleet.messages() == [(News.BEGAN, MessageState.FAILED, "It is not there any more.")]
    fleet.see(first, **(ONLINE | {"held_generation": None, "reason": None}))
    fleet.look(after=1)
    fleet.look(after=200)
    assert fleet.deliver() == []


def test_what_waits_for_a_channel_that_was_switched_off_is_dropped(fleet: Fleet) -> None:
    fleet.add_bot(**HELD)
    fleet.add_channel()
    fleet.look()

    def switch_off(uow: UnitOfWork) -> None:
        for channel in queries.list_addresses(uow.session):
            row = uow.session.get_one(AlertChannel, channel.channel_id)
            row.is_on = False

    fleet.do(switch_off)
    assert fleet.take() == []
    assert [state for _, state, _ in fleet.messages()] == [MessageState.DROPPED]


def test_what_waits_for_a_channel_that_is_taken_away_is_dropped(fleet: Fleet) -> None:
    fleet.add_bot(**HELD)
    channel_id = fleet.add_channel()
    fleet.look()
    fleet.do(lambda uow: service.delete_channel(uow, Actor.system("tests"), channel_id))
    assert [state for _, state, _ in fleet.messages()] == [MessageState.DROPPED]


def test_a_channel_that_moves_to_another_bot_is_in_the_audit_log(fleet: Fleet) -> None:
    first = fleet.add_bot()
    channel_id = fleet.add_channel(first)
    fleet.do(
        lambda uow: service.edit_channel(
            uow,
            Actor.system("tests"),
            SEALER,
            channel_id,
            version=1,
            name="On call",
            bot_id=None,
            is_on=True,
            address=None,
        )
    )
    with fleet.unit() as uow:
        (entry,) = uow.session.scalars(select(AuditLog).where(AuditLog.action == "alert.channel_edit"))
        moved = [(facts or {})["bot_id"] for facts in (entry.before, entry.after)]
    assert moved == [str(first), None]


def test_a_deleted_channel_keeps_the_names_of_what_it_told(fleet: Fleet) -> None:
    fleet.add_bot(**HELD)
    channel_id = fleet.add_channel()
    fleet.look()
    fleet.deliver()

    def delete(uow: UnitOfWork) -> None:
        uow.session.delete(uow.session.get_one(AlertChannel, channel_id))

    fleet.do(delete)
    (alert,) = fleet.alerts()
    with fleet.unit() as uow:
        (message,) = queries.list_messages(uow.session, alert.id)
    assert (message.channel_id, message.channel_name, message.state) == (None, "On call", MessageState.SENT)


def test_workers_that_look_at_one_moment_tell_once(fleet: Fleet, race: Race) -> None:
    for number in range(5):
        fleet.add_bot(f"Bot {number}", **HELD)
    fleet.add_channel()
    looks = race(range(3), lambda uow, _: service.look(uow, PATIENCE, lease_seconds=20))
    assert sorted(looked.told for looked in looks if isinstance(looked, Looked)) == [0, 0, 5]
    assert len(fleet.messages()) == 5


def test_senders_at_one_moment_take_each_message_once(fleet: Fleet, race: Race) -> None:
    fleet.add_bot(**HELD)
    channel_id = fleet.add_channel()
    fleet.look()
    taken = race(range(3), lambda uow, _: service.claim_messages(uow, channel_id, News.BEGAN))
    assert [type(claimed) for claimed in taken if claimed] == [Claimed]
    assert len(taken) == 3


def test_old_alerts_are_deleted_and_open_ones_stay(fleet: Fleet) -> None:
    bot_id = fleet.add_bot()

    def store(uow: UnitOfWork) -> None:
        store_alert(uow.session, bot_id, ended_at=START)
        store_alert(uow.session, bot_id, ended_at=START + timedelta(days=9))
        store_alert(uow.session, bot_id)

    fleet.do(store)
    fleet.clock.advance(timedelta(days=10).total_seconds())
    assert fleet.do(lambda uow: service.delete_old(uow, days=5)) == 1
    assert len(fleet.alerts()) == 2
    with fleet.unit() as uow:
        assert queries.count_open(uow.session)[AlertKind.STOPPED] == 1
        assert len(queries.list_open(uow.session, bot_ids=[bot_id])) == 1
        assert queries.list_open(uow.session, bot_ids=[new_id()]) == []
