"""Lists and actions read as often for many rows as for few."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from socialcube.domain.guilds import service as guilds
from socialcube.kernel.ids import new_id
from socialcube.web.admin.actions import MAX_PICKED
from tests.factories.bots import make_bot
from tests.factories.commands import store_command
from tests.factories.guilds import make_guild
from tests.unit.web.admin.conftest import House

LISTS = ("bots", "commands", "servers", "servers/settings", "people", "people/grants")
MORE = 6


def test_a_list_is_read_as_often_for_many_rows_as_for_few(house: House) -> None:
    few = {path: count_reads(house, path) for path in LISTS}
    add_rows(house)
    assert {path: count_reads(house, path) for path in LISTS} == few


def test_the_most_that_can_be_picked_is_looked_up_at_once(house: House) -> None:
    keys = [str(new_id()) for _ in range(MAX_PICKED)]
    with noted(house) as statements:
        answer = house.owner.post("/admin/bots/action/", data={"action": "stop", "rowid": keys})
    assert answer.status_code == 404
    assert len(statements) < MAX_PICKED / 10


def test_a_row_that_is_picked_twice_counts_once(house: House) -> None:
    keys = [str(house.own.bot_id), str(house.own.bot_id).upper()]
    assert house.owner.post("/admin/bots/action/", data={"action": "start", "rowid": keys}).status_code == 303


def count_reads(house: House, path: str) -> int:
    with noted(house) as statements:
        assert house.owner.get(f"/admin/{path}/").status_code == 200
    return len(statements)


@contextmanager
def noted(house: House) -> Iterator[list[str]]:
    """Note what is asked of the database."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = house.site.services.shared.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def add_rows(house: House) -> None:
    with house.site.unit() as uow:
        for number in range(MORE):
            bot = make_bot(uow.session, name=f"More {number}")
            store_command(uow.session, bot.id, f"more{number}")
            snapshot = make_guild(external_id=700 + number, name=f"Server {number}")
            guilds.sync_guild(uow, bot.id, "discord", snapshot)
        uow.commit()
