import asyncio
from collections.abc import Collection

import pytest

from socialcube.fleet import gathering as module
from socialcube.fleet.gathering import Gathered
from tests.fakes.bridge import away
from tests.fakes.engine import settle


class Database:
    """Answers with the length of what is asked for, and remembers what was asked together."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.faults: dict[str, Exception] = {}
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def ask(self, keys: Collection[str]) -> dict[str, int]:
        self.asked.append(set(keys))
        await self.is_open.wait()
        for key in keys:
            if key in self.faults:
                raise self.faults[key]
        return {key: len(key) for key in keys}


@pytest.fixture
def database() -> Database:
    return Database()


async def test_who_asks_at_the_same_moment_shares_a_question_and_gets_his_own_answer(
    database: Database,
) -> None:
    gathered = Gathered(database.ask)
    assert await asyncio.gather(*(gathered.get(key) for key in ("a", "bb", "a", "ccc"))) == [1, 2, 1, 3]
    assert database.asked == [{"a", "bb", "ccc"}]
    assert await gathered.get("dddd") == 4
    assert database.asked[1:] == [{"dddd"}]


async def test_who_asks_while_a_question_is_under_way_shares_the_next(database: Database) -> None:
    gathered = Gathered(database.ask)
    database.is_open.clear()
    first = asyncio.create_task(gathered.get("a"))
    await settle()
    later = [asyncio.create_task(gathered.get(key)) for key in ("bb", "ccc")]
    await settle()
    database.is_open.set()
    assert await asyncio.gather(first, *later) == [1, 2, 3]
    assert database.asked == [{"a"}, {"bb", "ccc"}]


async def test_of_very_many_only_some_are_asked_together(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 4)
    gathered = Gathered(database.ask)
    await asyncio.gather(*(gathered.get(str(number)) for number in range(10)))
    assert [len(keys) for keys in database.asked] == [4, 4, 2]


async def test_what_is_wrong_with_one_stays_with_it(database: Database) -> None:
    gathered = Gathered(database.ask)
    database.faults["bb"] = ValueError("its row is broken")
    found = await asyncio.gather(*(gathered.get(key) for key in ("a", "bb", "ccc")), return_exceptions=True)
    assert found == [1, database.faults["bb"], 3]


async def test_a_database_that_is_away_is_asked_once_for_all(database: Database) -> None:
    gathered = Gathered(database.ask)
    database.faults["bb"] = away()
    found = await asyncio.gather(*(gathered.get(key) for key in ("a", "bb", "ccc")), return_exceptions=True)
    assert found == [database.faults["bb"]] * 3
    assert len(database.asked) == 1
    database.faults.clear()
    assert await gathered.get("a") == 1


async def test_nothing_is_asked_for_those_who_went_away(database: Database) -> None:
    gathered = Gathered(database.ask)
    database.is_open.clear()
    first = asyncio.create_task(gathered.get("a"))
    await settle()
    gone, waiting = (asyncio.create_task(gathered.get(key)) for key in ("bb", "ccc"))
    await settle()
    gone.cancel()
    await settle()
    database.is_open.set()
    assert [await first, await waiting] == [1, 3]
    assert database.asked == [{"a"}, {"ccc"}]
