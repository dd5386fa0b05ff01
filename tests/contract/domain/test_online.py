from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from socialcube.domain.access.types import Scope
from socialcube.domain.bots.models import BotState
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState
from socialcube.domain.overview import queries, service
from socialcube.domain.overview.models import OnlineHour
from socialcube.domain.placements.models import Runner
from tests.factories.bots import make_bot
from tests.fakes.clock import START, FakeClock
from tests.support.databases import Database

EVERYTHING = Scope(is_all=True)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RUNNER = UUID(int=9)


def add_runner(database: Database) -> None:
    with database.unit() as uow:
        times = {"started_at": START, "seen_at": START + 20_000 * DAY}
        uow.session.add(Runner(id=RUNNER, host="h", pid=1, lock_path="", **times))
        uow.commit()


def add_bot(database: Database, *, online: bool = True, **changes: Any) -> UUID:
    gateway = GatewayState.CONNECTED if online else GatewayState.RECONNECTING
    state = {"process": ProcessState.RUNNING, "gateway": gateway, "runner_id": RUNNER}
    with database.unit() as uow:
        options = {"desired_state": DesiredState.RUNNING, "state": state, **changes}
        bot_id = make_bot(uow.session, **options).id
        uow.commit()
    return bot_id


def look(database: Database, *moments: datetime) -> list[bool]:
    found = []
    for moment in moments:
        with database.unit(clock=FakeClock(moment)) as uow:
            found.append(service.sample_online(uow))
            uow.commit()
    return found


def course(
    database: Database, period: str, now: datetime, scope: Scope = EVERYTHING
) -> tuple[float | None, ...]:
    with database.reads() as session:
        return queries.get_figures(session, scope, period, now).online.points


def disconnect(database: Database, bots: Iterable[UUID]) -> None:
    with database.unit() as uow:
        for bot_id in bots:
            uow.session.get_one(BotState, bot_id).gateway = GatewayState.RECONNECTING
        uow.commit()


def only(*bot_ids: UUID) -> Scope:
    return Scope(is_all=False, bot_ids=frozenset(bot_ids))


def test_only_connected_bots_that_should_run_are_counted(database: Database) -> None:
    add_runner(database)
    add_bot(database)
    add_bot(database, online=False)
    add_bot(database, desired_state=DesiredState.STOPPED)
    look(database, START)
    assert course(database, "1h", START)[-1] == 1


def test_minutes_in_which_nobody_looked_are_unknown(database: Database) -> None:
    add_runner(database)
    look(database, START - 2 * MINUTE, START)
    points = course(database, "1h", START)
    assert (len(points), points[-3:]) == (60, (0, None, 0))
    assert points[:-3] == (None,) * 57


def test_looking_twice_within_a_minute_counts_once(database: Database) -> None:
    add_runner(database)
    add_bot(database)
    assert look(database, START, START + timedelta(seconds=10), START + MINUTE) == [True, False, True]
    with database.reads() as session:
        rows = session.execute(select(OnlineHour.minutes.label("bits"), OnlineHour.count.label("many")))
        assert {(row.bits, row.many) for row in rows} == {(3 << START.minute, 2)}


def test_a_race_for_the_same_minute_counts_once(database: Database) -> None:
    add_runner(database)
    add_bot(database)
    look(database, START)
    with database.unit() as uow:
        # As another worker finds it, that looked before the first one committed.
        uow.session.execute(delete(OnlineHour).where(OnlineHour.bot_id == UUID(int=0)))
        uow.commit()
    look(database, START)
    with database.reads() as session:
        assert set(session.scalars(select(OnlineHour.__table__.c.count))) == {1}


def test_longer_stretches_are_averages_of_the_minutes_seen(database: Database) -> None:
    add_runner(database)
    lasting, lost = add_bot(database), add_bot(database)
    hour = START.replace(minute=0) - HOUR
    look(database, hour, hour + MINUTE)
    disconnect(database, [lost])
    look(database, hour + 2 * MINUTE, hour + 3 * MINUTE, START)
    day = course(database, "24h", START)
    assert (len(day), day[-2:], set(day[:-2])) == (24, (1.5, 1.0), {None})
    week = course(database, "7d", START)
    assert (len(week), week[-1], set(week[:-1])) == (28, 1.4, {None})
    assert course(database, "24h", START, only(lasting))[-2:] == (1, 1)


def test_each_sees_the_course_of_the_own_bots(database: Database) -> None:
    add_runner(database)
    mine, _ = add_bot(database), add_bot(database)
    look(database, START)
    seen = [course(database, "1h", START, scope)[-1] for scope in (EVERYTHING, only(mine), only())]
    assert seen == [2, 1, 0]
    assert course(database, "24h", START, only(mine))[-1] == 1


def test_old_hours_go(database: Database) -> None:
    look(database, START - 10 * DAY, START - DAY)
    with database.unit(clock=FakeClock()) as uow:
        assert service.delete_expired_samples(uow) == 1
        uow.commit()
