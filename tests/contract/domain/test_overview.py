from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from socialcube.domain.access.types import Actor, Scope
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind
from socialcube.domain.logs import service as logs
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import LogRecord
from socialcube.domain.overview import queries
from socialcube.domain.overview.types import ActionKind, Attention
from tests.factories.bots import make_bot
from tests.factories.logs import make_command_log, make_error_log
from tests.fakes.clock import START, FakeClock
from tests.support.databases import Database

EVERYTHING = Scope(is_all=True)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ONLINE: dict[str, Any] = {"process": ProcessState.RUNNING, "gateway": GatewayState.CONNECTED}


def store(database: Database, records: Sequence[LogRecord], *, folded: bool = True) -> None:
    RowStore(database.writes).write([make_entry(record) for record in records])
    if not folded:
        return
    with database.unit(clock=FakeClock()) as uow:
        for stream in logs.FOLDED:
            logs.fold_figures(uow, stream)
        uow.commit()


def add_bot(database: Database, **changes: Any) -> UUID:
    with database.unit() as uow:
        bot_id = make_bot(uow.session, **changes).id
        uow.commit()
    return bot_id


def add_runner(database: Database) -> UUID:
    runner = UUID(int=9)
    with database.unit() as uow:
        statement = text(
            "INSERT INTO runners (id, host, pid, lock_path, started_at, seen_at) "
            "VALUES (:id, 'h', 1, '', :now, :seen)"
        )
        is_text = database.kind == "sqlite"
        values = {"id": runner.hex if is_text else runner, "now": START, "seen": START + 20_000 * DAY}
        uow.session.execute(statement, {key: str(value) for key, value in values.items()})
        uow.commit()
    return runner


def attention(database: Database, scope: Scope = EVERYTHING, **options: Any) -> list[Attention]:
    with database.reads() as session:
        return queries.list_attention(session, scope, START, **options)


def only(*bot_ids: UUID) -> Scope:
    return Scope(is_all=False, bot_ids=frozenset(bot_ids))


def test_figures_are_those_of_the_period_and_of_the_one_before(database: Database) -> None:
    bot = add_bot(database)
    ages = [timedelta(), HOUR, 23 * HOUR, 24 * HOUR, 30 * HOUR, 48 * HOUR]
    store(database, [make_command_log(bot_id=bot, occurred_at=START - age) for age in ages])
    store(
        database,
        [make_error_log(bot_id=bot, occurred_at=START - 2 * HOUR), make_error_log(occurred_at=START)],
    )
    with database.reads() as session:
        day = queries.get_figures(session, EVERYTHING, "24h", START + MINUTE)
        hour = queries.get_figures(session, EVERYTHING, "1h", START + MINUTE)
        week = queries.get_figures(session, EVERYTHING, "7d", START + MINUTE)
        mine = queries.get_figures(session, only(bot), "24h", START + MINUTE)
        nobodys = queries.get_figures(session, only(), "24h", START + MINUTE)
    assert (day.commands.total, day.commands.previous) == (3, 2)
    assert (len(day.commands.points), day.commands.points[-2:], day.commands.points[0]) == (24, (1, 1), 1)
    assert (hour.commands.total, hour.commands.previous, len(hour.commands.points)) == (1, 1, 60)
    assert (week.commands.total, week.commands.previous, sum(week.commands.points)) == (6, 0, 6)  # type: ignore[arg-type] # counts
    assert (day.errors.total, mine.errors.total, nobodys.commands.total) == (2, 1, 0)
    assert day.p95.total == pytest.approx(15, abs=5)
    assert (nobodys.p95.total, nobodys.p95.points) == (None, (None,) * 24)


def test_the_period_before_ends_at_the_same_minute(database: Database) -> None:
    bot, yesterday = add_bot(database), START - DAY
    moments = [yesterday - 2 * MINUTE, yesterday + 2 * MINUTE]
    store(database, [make_command_log(bot_id=bot, occurred_at=moment) for moment in moments])
    with database.reads() as session:
        assert queries.get_figures(session, EVERYTHING, "24h", START).commands.previous == 1


def test_online_counts_only_what_a_living_runner_holds(database: Database) -> None:
    runner = add_runner(database)
    add_bot(database, desired_state=DesiredState.RUNNING, state={**ONLINE, "runner_id": runner})
    add_bot(database, desired_state=DesiredState.RUNNING, state={**ONLINE, "runner_id": UUID(int=3)})
    add_bot(database)
    with database.reads() as session:
        online = queries.get_figures(session, EVERYTHING, "1h", START).online
    assert (online.online, online.wanted) == (1, 2)


def test_each_bot_of_the_scope_has_figures(database: Database) -> None:
    busy, quiet, foreign = add_bot(database), add_bot(database), add_bot(database)
    store(database, [make_command_log(bot_id=bot) for bot in (busy, busy, foreign)])
    with database.reads() as session:
        found = queries.list_bot_figures(session, only(busy, quiet), "24h", START)
    assert {bot: figures.commands for bot, figures in found.items()} == {busy: 2, quiet: 0}
    assert (found[busy].points[-1], found[quiet].p95_ms) == (2, None)


def test_nothing_needs_people_when_all_is_well(database: Database) -> None:
    runner = add_runner(database)
    add_bot(database, desired_state=DesiredState.RUNNING, state={**ONLINE, "runner_id": runner})
    add_bot(database)
    assert attention(database) == []


def test_bots_that_need_people_are_listed_the_worst_first(database: Database) -> None:
    runner = add_runner(database)
    seen = {**ONLINE, "runner_id": runner}
    wanted = {"desired_state": DesiredState.RUNNING, "updated_at": START - MINUTE}
    slow, lost = {**seen, "latency_ms": 9000}, {**seen, "gateway": GatewayState.RECONNECTING}
    add_bot(database, name="Late", **wanted, state=slow)
    add_bot(database, name="Lost", **wanted, state={**lost, "last_event_at": START - MINUTE})
    add_bot(database, name="Blip", **wanted, state={**lost, "last_event_at": START})
    held = {**seen, "held_generation": 1, "reason": Reason.TOKEN_INVALID}
    add_bot(database, name="Held", **wanted, state=held)
    gone = add_bot(database, name="Gone", **wanted, state={**ONLINE, "runner_id": UUID(int=3)})
    found = attention(database)
    assert [(line.bot_name, line.word) for line in found] == [
        ("Gone", "Failed"),
        ("Held", "Needs you"),
        ("Late", "Unstable"),
        ("Lost", "Reconnecting"),
    ]
    assert found[1].action_kind is ActionKind.REPLACE_TOKEN
    assert [line.bot_name for line in attention(database, limit=1)] == ["Gone"]
    assert [line.bot_id for line in attention(database, only(gone))] == [gone]


def test_more_errors_than_usual_are_listed_for_who_may_see_the_bot(database: Database) -> None:
    loud, usual = add_bot(database, name="Loud"), add_bot(database, name="Usual")
    store(
        database,
        [make_error_log(bot_id=bot, occurred_at=START - MINUTE) for bot in (loud, usual) for _ in range(6)],
    )
    store(
        database,
        [
            make_error_log(bot_id=usual, occurred_at=START - (2 + number % 160) * HOUR)
            for number in range(400)
        ],
    )
    store(database, [make_error_log(occurred_at=START - MINUTE) for _ in range(5)])
    assert [line.bot_name for line in attention(database)] == ["Loud", "Site"]
    assert [line.bot_name for line in attention(database, only(loud, usual))] == ["Loud"]
    assert "6 errors" in attention(database)[0].sentence


def test_slow_commands_are_listed(database: Database) -> None:
    bot = add_bot(database, name="Fern")
    runs = [make_command_log(bot_id=bot, command_name="slow", duration_ms=4000) for _ in range(20)]
    store(database, [*runs, *(make_command_log(bot_id=bot) for _ in range(20))])
    (line,) = attention(database)
    assert (line.bot_name, line.subject, line.action_kind) == ("Fern", "slow", ActionKind.OPEN_RUNS)


def test_jobs_that_wait_or_failed_for_the_asker_are_listed(database: Database, owner: Actor) -> None:
    mine, foreign = add_bot(database, name="Mine"), add_bot(database)
    with database.unit() as uow:
        waiting = jobs.ask(uow, owner, JobKind.COMMAND_PLAN, {}, bot_id=mine)
        failed = jobs.ask(uow, owner, JobKind.RETENTION, {})
        jobs.claim(uow, failed, "w")
        jobs.fail(uow, failed, "w", "It broke.")
        uow.commit()
    assert attention(database) == []
    (line,) = attention(database, asked_by=str(owner))
    assert (line.word, line.sentence, line.subject) == ("Failed job", "It broke.", str(failed))
    assert attention(database, asked_by="user:somebody else") == []
    with database.unit() as uow:
        uow.session.execute(text("UPDATE jobs SET created_at = '2026-01-01 00:00:00.000000'"))
        uow.commit()
    (line,) = attention(database, only(mine))
    assert (line.word, line.bot_name, line.subject) == ("Waiting", "Mine", str(waiting))
    assert attention(database, only(foreign)) == []


def test_a_test_of_a_channel_that_failed_leads_to_the_channel(database: Database, owner: Actor) -> None:
    with database.unit() as uow:
        failed = jobs.ask(uow, owner, JobKind.TEST_ALERT, {"channel_id": "7"})
        jobs.claim(uow, failed, "w")
        jobs.fail(uow, failed, "w", "Nobody answered.")
        uow.commit()
    (line,) = attention(database, asked_by=str(owner))
    assert (line.action_kind, line.subject) == (ActionKind.OPEN_CHANNEL, "7")


def test_figures_that_are_behind_are_listed_for_who_sees_everything(database: Database) -> None:
    bot = add_bot(database)
    store(database, [make_command_log(bot_id=bot)])
    store(database, [make_command_log(bot_id=bot)], folded=False)
    assert attention(database) == []
    with database.reads() as session:
        (line,) = queries.list_attention(session, EVERYTHING, START + 5 * MINUTE)
        assert queries.list_attention(session, only(bot), START + 5 * MINUTE) == []
    assert (line.word, line.since) == ("Behind", START)


def test_the_first_row_after_a_quiet_night_makes_no_figures_late(database: Database) -> None:
    store(database, [make_command_log()])
    morning = START + timedelta(hours=8)
    store(database, [make_command_log(occurred_at=morning)], folded=False)
    with database.reads() as session:
        assert queries.list_attention(session, EVERYTHING, morning + MINUTE) == []
        (line,) = queries.list_attention(session, EVERYTHING, morning + 3 * MINUTE)
    assert (line.word, line.since) == ("Behind", morning)
