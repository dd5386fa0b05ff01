import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, update

from socialcube.db.session import write_sessions
from socialcube.domain.bots.models import Bot
from socialcube.domain.commands.models import Command
from socialcube.domain.guilds.models import BotGuildSettings, BotSettingForm, Guild
from socialcube.domain.placements import service
from socialcube.domain.placements.types import Lease
from socialcube.fleet.command_watch import CommandWatch
from socialcube.kernel.ids import new_id
from tests.factories.placements import all_shards
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import START
from tests.fakes.engine import settle


class WatchedBot:
    def __init__(self, lease: Lease) -> None:
        self.lease, self.woken = lease, 0

    def commands_changed(self) -> None:
        self.woken += 1


class Scene:
    """Three bots of a runner, each with a command, a form and settings in one server."""

    def __init__(self, engine: Engine, bridge: DirectBridge, leases: list[Lease]) -> None:
        self.engine, self.bridge = engine, bridge
        self.bots = [WatchedBot(lease) for lease in leases]
        self.watch = CommandWatch(bridge, lambda: self.bots)
        self.guild_id = new_id()
        self.add(Guild(id=self.guild_id, platform="discord", external_id=1, name="Fern", seen_at=START))
        self.add(
            *(self.command(bot.lease.bot_id) for bot in self.bots),
            *(
                BotSettingForm(bot_id=bot.lease.bot_id, fields=[], version=1, updated_at=START)
                for bot in self.bots
            ),
            *(self.settings(bot.lease.bot_id) for bot in self.bots),
        )

    def add(self, *rows: object) -> None:
        with write_sessions(self.engine)() as session:
            session.add_all(rows)
            session.commit()

    def command(self, bot_id: UUID, name: str = "hello") -> Command:
        return Command(
            id=new_id(),
            bot_id=bot_id,
            name=name,
            description="Says hello.",
            document={},
            digest="d",
            created_at=START,
            updated_at=START,
        )

    def settings(self, bot_id: UUID) -> BotGuildSettings:
        return BotGuildSettings(
            bot_id=bot_id,
            guild_id=self.guild_id,
            locale="en",
            time_zone="UTC",
            disabled_commands=[],
            values={},
            version=1,
            updated_at=START,
        )

    async def woken(self) -> list[int]:
        """Look once more, and give how often each bot was woken by that."""
        before = [bot.woken for bot in self.bots]
        await self.watch.look()
        return [bot.woken - count for bot, count in zip(self.bots, before, strict=True)]


@pytest.fixture
async def scene(
    engine: Engine, bridge: DirectBridge, runner_id: UUID, store_bots: Callable[[int], list[UUID]]
) -> Scene:
    leases = await bridge.write(service.claim_shards, runner_id, all_shards(store_bots(3)), at_most=3)
    return Scene(engine, bridge, leases)


async def test_bots_for_which_nothing_changed_are_left_alone_by_three_statements(
    scene: Scene,
) -> None:
    assert await scene.woken() == [1, 1, 1]
    statements: list[str] = []
    event.listen(scene.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    assert await scene.woken() == [0, 0, 0]
    assert len([each for each in statements if each != "BEGIN"]) == 3


async def test_only_the_bot_for_which_something_changed_is_woken_and_once(scene: Scene) -> None:
    await scene.woken()
    second, third = scene.bots[1].lease.bot_id, scene.bots[2].lease.bot_id
    changes = [
        update(Command).where(Command.bot_id == second).values(published_version=1, version=2),
        update(BotGuildSettings).where(BotGuildSettings.bot_id == second).values(version=2),
        update(BotSettingForm).where(BotSettingForm.bot_id == second).values(version=2),
        update(Bot).where(Bot.id == second).values(name="Renamed"),
    ]
    for change in changes:
        with scene.engine.begin() as connection:
            connection.execute(change)
        assert await scene.woken() == [0, 1, 0]
        assert await scene.woken() == [0, 0, 0]
    scene.add(scene.command(third, "bye"))
    assert await scene.woken() == [0, 0, 1]


async def test_bot_that_is_new_here_is_woken_since_a_change_may_have_followed_its_reading(
    scene: Scene,
) -> None:
    new = scene.bots.pop()
    await scene.woken()
    scene.bots.append(new)
    assert await scene.woken() == [0, 0, 1]
    assert await scene.woken() == [0, 0, 0]


async def test_database_that_is_away_ends_no_watch(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialcube.fleet.command_watch._LOOK_SECONDS", 0)
    await scene.woken()
    scene.bridge.fault = away()
    task = asyncio.create_task(scene.watch.watch_for_ever())
    await settle()
    assert not task.done()
    scene.bridge.fault = None
    with scene.engine.begin() as connection:
        connection.execute(update(Bot).values(name=Bot.name + "!"))
    async with asyncio.timeout(30):
        while not all(bot.woken for bot in scene.bots):  # noqa: ASYNC110 - the bots have no event to wait for
            await asyncio.sleep(0)
    task.cancel()
