"""The database finds for the map of servers what the rules say of each, on both databases."""

import random
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Scope
from socialcube.domain.commands import policy as command_policy
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import policy, queries, service
from socialcube.domain.guilds.models import BotGuildSettings
from socialcube.domain.guilds.types import GuildSnapshot, PermissionNeed, ServerProblem, Verdict
from tests.factories.bots import make_bot
from tests.factories.commands import store_command
from tests.factories.guilds import make_channel, make_guild, make_role
from tests.fakes.clock import START

NAMES = ("VIEW_CHANNEL", "SEND_MESSAGES", "ADMINISTRATOR", "MANAGE_ROLES", "BAN_MEMBERS", "PIN_MESSAGES")
MASKS = {name: policy.PERMISSIONS[name].mask for name in NAMES}
PAGE = 4


@dataclass
class Scene:
    """Bots in servers, with commands and settings drawn at random.

    Attributes:
        needs: of each bot, as `list_needs` would tell them.
    """

    uow: UnitOfWork
    bot_ids: list[UUID]
    needs: dict[UUID, list[PermissionNeed]] = field(default_factory=dict)

    def about(
        self, *, text: str = "", is_shared: bool = False, named: frozenset[UUID] | None = None
    ) -> queries.Mapped:
        bot_ids = frozenset(self.bot_ids)
        names = Scope(is_all=False, bot_ids=bot_ids if named is None else named)
        return queries.Mapped(bot_ids, commands.live_needs(), commands.live_names(names), text, is_shared)

    def page(self, about: queries.Mapped, **place: object) -> queries.MapPage:
        return queries.list_map_page(self.uow.session, about, PAGE, **place)  # type: ignore[arg-type] # as named

    def walk(self, about: queries.Mapped, problem: ServerProblem | None = None) -> list[UUID]:
        """Go through all pages and back again."""
        page = self.page(about, problem=problem)
        pages = [page.guild_ids]
        assert not page.has_earlier
        while page.has_later:
            page = self.page(about, problem=problem, after=page.guild_ids[-1])
            assert page.has_earlier
            pages.append(page.guild_ids)
        for earlier in reversed(pages[:-1]):
            page = self.page(about, problem=problem, before=page.guild_ids[0])
            assert (page.guild_ids, page.has_later) == (earlier, True)
        assert len(pages) == 1 or not page.has_earlier
        return [guild_id for found in pages for guild_id in found]


@pytest.fixture
def scene(uow: UnitOfWork) -> Scene:
    return Scene(uow, [make_bot(uow.session, name=name).id for name in ("Fern", "Moss", "Oak")])


def join(scene: Scene, guild: GuildSnapshot, *bots: int) -> UUID:
    ids = [service.sync_guild(scene.uow, scene.bot_ids[number], "discord", guild) for number in bots]
    return ids[0]


def furnish(scene: Scene, chance: random.Random) -> None:
    """Draw servers, commands and settings."""
    session, externals = scene.uow.session, range(700, 720)

    def bits() -> int:
        return sum(mask for mask in MASKS.values() if chance.random() < 0.4)

    command_ids = []
    for bot_id in scene.bot_ids:
        for name in chance.sample(("hello", "color", "quiz"), 2):
            place = chance.choice([None, None, *externals[:6]])
            needed = [each for each in NAMES[1:] if chance.random() < 0.25]
            command = store_command(
                session,
                bot_id,
                name,
                published_version=1,
                published_guild_id=place,
                is_active=chance.random() < 0.9,
                needs=sum(MASKS[each] for each in needed),
            )
            command_ids.append(command.id)
            if command.is_active:
                found = [PermissionNeed(each, "for it", command.id, place) for each in needed]
                scene.needs.setdefault(bot_id, []).extend(found)
    for number in externals:
        everyone = make_role(external_id=number, permissions=bits())
        for bot_id in scene.bot_ids:
            if chance.random() < 0.4:
                continue
            ruled = make_channel(external_id=number * 10, permissions=bits())
            guild = make_guild(
                external_id=number,
                name=chance.choice(("park", "Yard", "Élan", "garden")),
                permissions=bits(),
                channels=(ruled, make_channel(external_id=number * 10 + 1)),
                roles=(everyone,) if chance.random() < 0.7 else (),
            )
            guild_id = service.sync_guild(scene.uow, bot_id, "discord", guild)
            if chance.random() < 0.6:
                session.add(
                    BotGuildSettings(
                        bot_id=bot_id,
                        guild_id=guild_id,
                        locale="de",
                        time_zone="UTC",
                        log_channel_id=chance.choice([None, number * 10, number * 10 + 1, 404]),
                        disabled_commands=[str(key) for key in command_ids if chance.random() < 0.3],
                        values={},
                        version=1,
                        updated_at=START,
                    )
                )
    session.flush()


def judge_all(scene: Scene, named: frozenset[UUID]) -> dict[UUID, set[ServerProblem]]:
    """Say of each server what is wrong there by the rules, one bot after the other."""
    session = scene.uow.session
    sights = queries.list_sights(session, scope=Scope(is_all=False, bot_ids=frozenset(scene.bot_ids)))
    channels = queries.list_channel_names(session, [sight.log_channel_id or 0 for sight in sights])
    live = commands.list_live_keys(session, Scope(is_all=False, bot_ids=named))
    found: dict[UUID, set[ServerProblem]] = {}
    bots: dict[UUID, list[UUID]] = {}
    for sight in sights:
        problems = found.setdefault(sight.guild.id, set())
        fit = policy.judge(sight, scene.needs.get(sight.bot_id, ()), channels)
        if fit.verdict is Verdict.TOO_LITTLE:
            problems.add(ServerProblem.TOO_LITTLE)
        if fit.excess:
            problems.add(ServerProblem.TOO_MUCH)
        here = bots.setdefault(sight.guild.id, [])
        here.append(sight.bot_id)
        if command_policy.find_collisions(live, here, sight.guild.external_id):
            problems.add(ServerProblem.COLLISIONS)
    return {key: {*problems, ServerProblem.ANY} if problems else set() for key, problems in found.items()}


@pytest.mark.parametrize("seed", range(3))
def test_the_database_finds_what_the_rules_say(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed must be repeatable
    furnish(scene, chance)
    named = frozenset(scene.bot_ids[: chance.choice([2, 3])])
    expected, about = judge_all(scene, named), scene.about(named=named)
    assert set(scene.walk(about)) == set(expected)
    for problem in ServerProblem:
        found = scene.walk(about, problem)
        assert set(found) == {key for key, problems in expected.items() if problem in problems}, problem
        assert len(found) == len(set(found))
    counts = queries.count_map(scene.uow.session, about, 10_000)
    wrong: dict[ServerProblem | None, int] = {
        problem: sum(problem in found for found in expected.values()) for problem in ServerProblem
    }
    assert counts == wrong | {None: len(expected)}
    assert any(wrong.values())


@pytest.mark.parametrize(
    ("in_server", "in_channel", "lacks"),
    [((), NAMES[:2], False), (NAMES[:2], (), True), (NAMES[:2], NAMES[:2], False)],
)
def test_what_a_log_channel_allows_counts_before_what_the_server_does(
    scene: Scene, in_server: tuple[str, ...], in_channel: tuple[str, ...], *, lacks: bool
) -> None:
    channel = make_channel(
        external_id=1574395150182907904, permissions=sum(MASKS[each] for each in in_channel)
    )
    guild = make_guild(
        external_id=71, permissions=sum(MASKS[each] for each in in_server), channels=(channel,)
    )
    guild_id = join(scene, guild, 0)
    scene.uow.session.add(
        BotGuildSettings(
            bot_id=scene.bot_ids[0],
            guild_id=guild_id,
            locale="de",
            time_zone="UTC",
            log_channel_id=channel.external_id,
            disabled_commands=[],
            values={},
            version=1,
            updated_at=START,
        )
    )
    scene.uow.session.flush()
    assert scene.walk(scene.about(), ServerProblem.TOO_LITTLE) == ([guild_id] if lacks else [])
    named = frozenset(scene.bot_ids)
    assert (ServerProblem.TOO_LITTLE in judge_all(scene, named)[guild_id]) == lacks


def test_names_are_in_order_whatever_their_capitals(scene: Scene) -> None:
    names = ("b", "A", "a", "C", "B", "c")
    for number, name in enumerate(names):
        join(scene, make_guild(external_id=80 + number, name=name), 0)
    session = scene.uow.session
    found = [queries.get_guild(session, scene.bot_ids[0], key).name for key in scene.walk(scene.about())]
    assert found == ["A", "a", "b", "B", "C", "c"]


def test_shared_servers_hold_two_bots_of_the_map(scene: Scene) -> None:
    both = join(scene, make_guild(external_id=71, name="Both"), 0, 1)
    join(scene, make_guild(external_id=72, name="One"), 0)
    assert scene.walk(scene.about(is_shared=True)) == [both]
    service.leave_guild(scene.uow, scene.bot_ids[1], "discord", 71)
    assert scene.walk(scene.about(is_shared=True)) == []
    assert len(scene.walk(scene.about())) == 2


def test_a_search_finds_names_and_ids_as_they_are_written(scene: Scene) -> None:
    town = join(scene, make_guild(external_id=7123, name="100% Town"), 0)
    village = join(scene, make_guild(external_id=7999, name="Village"), 0)
    for text, found in (
        ("TOWN", [town]),
        (" 0% t ", [town]),
        ("712", [town]),
        ("7", [town, village]),
        ("100_", []),
        ("%", [town]),
    ):
        assert scene.walk(scene.about(text=text)) == found, text


def test_a_place_that_is_gone_stands_for_the_beginning(scene: Scene) -> None:
    town = join(scene, make_guild(external_id=71), 0)
    for place in ("after", "before"):
        assert scene.page(scene.about(), **{place: UUID(int=404)}) == queries.MapPage(
            (town,), has_earlier=False, has_later=False
        )


def test_no_more_are_counted_than_were_asked_for(scene: Scene) -> None:
    for number in range(3):
        join(scene, make_guild(external_id=71 + number), 0)
    assert queries.count_map(scene.uow.session, scene.about(), 2)[None] == 2
    nothing = queries.count_map(scene.uow.session, scene.about(text="nowhere"), 2)
    assert set(nothing.values()) == {0}
