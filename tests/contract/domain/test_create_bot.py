"""Creating a bot is all or nothing, wherever it is cut off."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, inspect, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.tables import metadata
from socialcube.kernel.secrets import Secret
from tests.factories.bots import make_identity
from tests.fakes.sealing import FakeSealer
from tests.support.databases import Database

LEAST_CUTS = 5
"""Statements of one creation: look, bot, state, audit and more."""


class Cut(BaseException):
    """The process dies here: nobody catches this, as nobody catches SIGKILL."""


def create(uow: UnitOfWork, owner: Actor) -> None:
    identity = make_identity(external_id=4711, name="Fern")
    bot_id = service.create_bot(uow, owner, FakeSealer(), identity=identity, token=Secret("a token"))
    service.set_desired_state(uow, owner, bot_id, DesiredState.RUNNING)
    uow.commit()


def snapshot(database: Database) -> dict[str, list[Any]]:
    """Give all rows of all tables; some are needed on one kind of database only."""
    there = set(inspect(database.engine).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    with database.reads() as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in tables}


@contextmanager
def cut_at(engine: Engine, number: int) -> Iterator[None]:
    """Let the process die as it is about to send its statement of this number, or to commit."""
    sent = itertools.count()

    def count(*_: object) -> None:
        if next(sent) == number:
            raise Cut

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", count)


def test_asvs_2_3_3_a_creation_that_is_cut_off_anywhere_leaves_nothing(
    database: Database, owner: Actor
) -> None:
    before = snapshot(database)
    for number in itertools.count():
        try:
            with cut_at(database.engine, number), database.unit() as uow:
                create(uow, owner)
        except Cut:
            # What dies takes its connections with it.
            database.engine.dispose()
            assert snapshot(database) == before, f"statement {number} left something"
        else:
            break
    assert number >= LEAST_CUTS
    with database.reads() as session:
        (bot,) = [bot for bot in queries.list_bots(session) if bot.external_id == 4711]
        assert bot.has_token
        assert [wanted.bot_id for wanted in queries.list_wanted(session)] == [bot.id]
    after = snapshot(database)
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert {"bots", "bot_states", "audit_logs"} <= changed
