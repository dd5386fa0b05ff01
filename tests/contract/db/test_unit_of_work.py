from collections.abc import Iterable

import pytest
from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.site.models import Setting
from socialcube.kernel.events import Event
from tests.support.databases import Database


class Heard:
    """A publisher that looks at the database when it hears an event."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.found: list[object] = []

    def publish(self, events: Iterable[Event]) -> None:
        with self._database.reads() as session:
            self.found += [session.scalar(select(Setting.value)) for _ in events]


def put(uow: UnitOfWork, value: object) -> None:
    now = uow.clock.now()
    uow.session.add(Setting(key="colour", value=value, created_at=now, updated_at=now))


def read(database: Database) -> object:
    with database.reads() as session:
        return session.scalar(select(Setting.value))


def test_events_are_published_once_the_commit_stands(database: Database) -> None:
    heard = Heard(database)
    with database.unit(heard) as uow:
        put(uow, "green")
        uow.record(Event())
        assert heard.found == []
        uow.commit()
    assert heard.found == ["green"]


def test_leaving_without_commit_rolls_back_and_publishes_nothing(database: Database) -> None:
    heard = Heard(database)
    with database.unit(heard) as uow:
        put(uow, "green")
        uow.session.flush()
        uow.record(Event())
    assert read(database) is None
    assert heard.found == []


def test_a_last_step_runs_once_inside_the_transaction(database: Database) -> None:
    with database.unit() as uow:
        first = uow.before_commit("step", lambda: put(uow, "late"))
        assert uow.before_commit("step", lambda: put(uow, "later")) is first
        uow.commit()
        uow.commit()
    assert read(database) == "late"


def test_a_failing_last_step_leaves_nothing_behind(database: Database) -> None:
    def fail() -> None:
        raise LookupError

    def change() -> None:
        with database.unit() as uow:
            put(uow, "green")
            uow.before_commit("step", fail)
            uow.commit()

    with pytest.raises(LookupError):
        change()
    assert read(database) is None
