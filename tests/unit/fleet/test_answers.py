from typing import Any

import pytest

from socialcube.domain.commands.types import CommandPlan
from socialcube.domain.jobs.types import JobKind, JobState, JobView
from socialcube.fleet.answers import UnknownJobError, answer
from socialcube.kernel.errors import InvalidInputError
from socialcube.kernel.ids import new_id
from tests.factories.commands import make_remote
from tests.factories.guilds import make_guild
from tests.fakes.adapter import FakeAdapter
from tests.fakes.clock import START


class FakeClient:
    """A bot that is connected, in one server."""

    def __init__(self) -> None:
        self.platform = FakeAdapter.__new__(FakeAdapter)
        self.platform.guilds = {31: make_guild(external_id=31, name="Garden", permissions=8)}
        self.platform.intents = 2

        self.asked: list[tuple[int, int, object]] = []

    async def check_manager(self, guild_id: int, user_id: int, asked_at: object) -> bool:
        self.asked.append((guild_id, user_id, asked_at))
        return user_id == 11

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
    return await answer(make_job(kind, **payload), client)  # type: ignore[arg-type] # it has what is asked for


async def test_inspecting_tells_servers_foreign_commands_starts_and_intents() -> None:
    assert await ask(FakeClient(), JobKind.INSPECT_BOT) == {
        "guilds": [{"id": "31", "name": "Garden", "icon": None, "permissions": "8"}],
        "commands_elsewhere": [{"name": "theirs", "guild_id": "31", "kind": 1}],
        "starts": {"left": 900, "total": 1000, "reset_seconds": 60.0},
        "intents": 2,
        "flags": 1 << 23,
        "is_public": True,
    }


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
