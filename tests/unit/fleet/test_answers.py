from typing import Any

import pytest

from socialcube.domain.commands.policy import digest_of_plan
from socialcube.domain.commands.types import CommandPlan
from socialcube.domain.guilds.queries import list_guilds_of_bot
from socialcube.domain.guilds.types import GuildView
from socialcube.domain.jobs.types import JobKind, JobState, JobView
from socialcube.fleet.answers import UnknownJobError, answer
from socialcube.fleet.command_sync import Progress, SyncOutcome
from socialcube.kernel.errors import InvalidInputError
from socialcube.kernel.ids import new_id
from tests.factories.commands import make_remote
from tests.factories.guilds import make_guild
from tests.fakes.adapter import FakeAdapter
from tests.fakes.clock import START


class FakeBridge:
    """Takes writes, and remembers what they were about."""

    def __init__(self) -> None:
        self.written: list[tuple[object, ...]] = []
        self.stored: list[GuildView] = []

    async def read(self, query: object, *facts: object) -> list[GuildView]:
        assert query is list_guilds_of_bot
        assert facts
        return self.stored

    async def write(self, _service: object, *facts: object) -> None:
        self.written.append(facts)


class FakeClient:
    """A bot that is connected, in one server."""

    def __init__(self) -> None:
        self.platform = FakeAdapter.__new__(FakeAdapter)
        self.platform.guilds = {31: make_guild(external_id=31, name="Garden", permissions=8)}
        self.platform.intents = 2
        self.platform.interactions_url = "https://elsewhere.example/"
        self.bridge, self.bot_id = FakeBridge(), new_id()

        self.asked: list[tuple[int, int, object]] = []
        self.applied: list[str] = []
        self.left: list[int] = []

    async def check_manager(self, guild_id: int, user_id: int, asked_at: object) -> bool:
        self.asked.append((guild_id, user_id, asked_at))
        return user_id == 11

    async def apply_commands(self, seen: str, progress: Progress) -> SyncOutcome:
        self.applied.append(seen)
        await progress(100)
        return SyncOutcome(created=["hello"], problems=["/bye: Invalid"])

    async def leave_guild(self, external_id: int) -> None:
        self.left.append(external_id)

    async def plan_commands(self) -> CommandPlan:
        return CommandPlan(foreign=(make_remote("theirs", 31),))


def make_job(kind: str, **payload: Any) -> JobView:
    return JobView(
        id=new_id(),
        kind=kind,
        target="fleet:x",
        state=JobState.RUNNING,
        payload=payload,
        progress=0,
        result=None,
        problem="",
        asked_by="user:x",
        bot_id=None,
        attempts=1,
        claimed_by="fleet:tests",
        created_at=START,
        started_at=START,
        finished_at=None,
        expires_at=START,
    )


async def ask(client: FakeClient, kind: str, **payload: Any) -> dict[str, object]:
    async def progress(percent: int) -> None:
        assert percent == 100

    return await answer(make_job(kind, **payload), client, progress)  # type: ignore[arg-type] # it has what is asked for


async def test_inspecting_tells_servers_foreign_commands_starts_and_intents() -> None:
    client = FakeClient()
    assert await ask(client, JobKind.INSPECT_BOT) == {
        "guilds": [{"id": "31", "name": "Garden", "icon": None, "permissions": "8"}],
        "commands_elsewhere": [{"name": "theirs", "guild_id": "31", "kind": 1}],
        "starts": {"left": 900, "total": 1000, "reset_seconds": 60.0},
        "intents": 2,
        "flags": 1 << 23,
        "is_public": True,
        "interactions_url": "https://elsewhere.example/",
    }
    assert client.bridge.written == [(client.bot_id, "https://elsewhere.example/")]


async def test_servers_that_no_event_told_of_are_shown_as_they_are_stored() -> None:
    client = FakeClient()
    client.bridge.stored = [
        GuildView(new_id(), "discord", key, name, None, None, 4, START, START)
        for key, name in ((31, "An older name"), (32, "Harbor"))
    ]
    found = await ask(client, JobKind.INSPECT_BOT)
    assert found["guilds"] == [
        {"id": "31", "name": "Garden", "icon": None, "permissions": "8"},
        {"id": "32", "name": "Harbor", "icon": None, "permissions": "4"},
    ]


async def test_intents_are_set_as_asked() -> None:
    client = FakeClient()
    assert await ask(client, JobKind.SET_INTENTS, intents=258) == {"intents": 258}
    assert client.platform.intents == 258


@pytest.mark.parametrize("intents", [None, "2", True, -1, 1.5])
async def test_what_is_no_set_of_intents_is_refused(intents: object) -> None:
    with pytest.raises(InvalidInputError):
        await ask(FakeClient(), JobKind.SET_INTENTS, intents=intents)


async def test_a_kind_that_is_not_for_runners_is_refused() -> None:
    with pytest.raises(UnknownJobError, match=r"logs\.retention"):
        await ask(FakeClient(), JobKind.RETENTION)


@pytest.mark.parametrize(("user_id", "manages"), [("11", True), ("12", False)])
async def test_a_check_of_a_manager_is_as_old_as_its_question(user_id: str, *, manages: bool) -> None:
    client = FakeClient()
    found = await ask(client, JobKind.CHECK_MANAGER, guild_id="31", user_id=user_id)
    assert found == {"is_manager": manages}
    assert client.asked == [(31, int(user_id), START)]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"guild_id": "31"},
        {"guild_id": 31, "user_id": "11"},
        {"guild_id": "31/../../users/@me", "user_id": "11"},
        {"guild_id": "31", "user_id": "\u0661\u0661"},
        {"guild_id": "31", "user_id": "9" * 20},
    ],
)
async def test_a_check_of_what_is_no_id_asks_nobody(payload: dict[str, object]) -> None:
    client = FakeClient()
    with pytest.raises(InvalidInputError):
        await ask(client, JobKind.CHECK_MANAGER, **payload)
    assert client.asked == []


async def test_a_plan_comes_with_what_it_is_known_by() -> None:
    plan = await ask(FakeClient(), JobKind.COMMAND_PLAN)
    assert plan["foreign"] == [{"name": "theirs", "guild_id": "31", "kind": 1}]
    assert plan["seen"] == digest_of_plan(CommandPlan())


async def test_a_plan_is_applied_as_it_was_seen() -> None:
    client = FakeClient()
    done = await ask(client, JobKind.APPLY_PLAN, seen="abc")
    assert done == {"created": ["hello"], "updated": [], "deleted": [], "problems": ["/bye: Invalid"]}
    assert client.applied == ["abc"]


@pytest.mark.parametrize("payload", [{}, {"seen": ""}, {"seen": 1}])
async def test_a_plan_that_nobody_saw_is_not_applied(payload: dict[str, object]) -> None:
    client = FakeClient()
    with pytest.raises(InvalidInputError):
        await ask(client, JobKind.APPLY_PLAN, **payload)
    assert client.applied == []


async def test_a_server_is_left() -> None:
    client = FakeClient()
    assert await ask(client, JobKind.LEAVE_GUILD, guild_id="31") == {"left": "31"}
    assert client.left == [31]
    with pytest.raises(InvalidInputError):
        await ask(client, JobKind.LEAVE_GUILD, guild_id="@me")
