from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialcube.adapters.discord.managers import is_manager
from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import FakeClock
from tests.fakes.discord_http import Answer, FakeTransport

BASE = "https://discord.test/api/v10"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
OWNER, PERSON, GUILD = 11, 12, 31
BASIC, ADMINISTRATOR, MANAGE_GUILD, MANAGE_ROLES = 1 << 10, 1 << 3, 1 << 5, 1 << 28


def guild(**roles: int) -> dict[str, Any]:
    """Give a server whose roles have these permissions; `r31` is @everyone."""
    shapes = [{"id": key.removeprefix("r"), "permissions": str(bits)} for key, bits in roles.items()]
    return {"id": str(GUILD), "owner_id": str(OWNER), "roles": shapes}


def member(user_id: int = PERSON, *roles: int, until: datetime | None = None) -> dict[str, Any]:
    ends = None if until is None else until.isoformat()
    return {
        "user": {"id": str(user_id)},
        "roles": [str(role) for role in roles],
        "communication_disabled_until": ends,
    }


async def check(*script: Answer, user_id: int = PERSON) -> tuple[bool, FakeTransport]:
    transport = FakeTransport(FakeClock())
    transport.fake.script.extend(script)
    rest = RestClient(transport, Secret("t"), lambda: True)
    return await is_manager(rest, GUILD, user_id, NOW), transport


async def test_discord_is_asked_for_the_member_and_the_server() -> None:
    _, transport = await check(Answer(200, member()), Answer(200, guild()))
    assert [(call.method, call.url) for call in transport.fake.calls] == [
        ("GET", f"{BASE}/guilds/{GUILD}/members/{PERSON}"),
        ("GET", f"{BASE}/guilds/{GUILD}"),
    ]


@pytest.mark.parametrize(
    ("roles", "held", "manages"),
    [
        ({"r31": BASIC}, (), False),
        ({"r31": BASIC, "r51": MANAGE_GUILD}, (51,), True),
        ({"r31": BASIC, "r51": ADMINISTRATOR}, (51,), True),
        ({"r31": BASIC, "r51": MANAGE_GUILD}, (), False),
        ({"r31": BASIC, "r51": MANAGE_ROLES, "r52": MANAGE_GUILD}, (51,), False),
        ({"r31": BASIC | MANAGE_GUILD}, (), True),
        ({"r31": BASIC}, (51,), False),
    ],
)
async def test_roles_decide_for_who_does_not_own_it(
    roles: dict[str, int], held: tuple[int, ...], *, manages: bool
) -> None:
    found, _ = await check(Answer(200, member(PERSON, *held)), Answer(200, guild(**roles)))
    assert found is manages


async def test_the_owner_manages_it_whatever_their_roles() -> None:
    found, _ = await check(Answer(200, member(OWNER)), Answer(200, guild(r31=BASIC)), user_id=OWNER)
    assert found


@pytest.mark.parametrize(
    ("bits", "until", "manages"),
    [
        (MANAGE_GUILD, NOW + timedelta(minutes=1), False),
        (MANAGE_GUILD, NOW - timedelta(minutes=1), True),
        (ADMINISTRATOR, NOW + timedelta(minutes=1), True),
    ],
)
async def test_a_time_out_takes_manage_server_from_all_but_administrators(
    bits: int, until: datetime, *, manages: bool
) -> None:
    found, _ = await check(Answer(200, member(PERSON, 51, until=until)), Answer(200, guild(r51=bits)))
    assert found is manages


@pytest.mark.parametrize(("status", "code"), [(404, 10007), (404, 10013), (404, 10004), (403, 50001)])
async def test_who_or_what_is_not_there_is_not_managed(status: int, code: int) -> None:
    found, _ = await check(Answer(status, {"code": code, "message": "Unknown"}))
    assert not found


async def test_the_bot_may_leave_between_the_two_questions() -> None:
    found, _ = await check(Answer(200, member(OWNER)), Answer(403, {"code": 50001}), user_id=OWNER)
    assert not found


@pytest.mark.parametrize(("status", "code"), [(403, 40333), (400, 50035), (404, 0)])
async def test_another_refusal_is_no_answer(status: int, code: int) -> None:
    with pytest.raises(CallRefusedError):
        await check(Answer(status, {"code": code, "message": "no"}))


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ([], guild()),
        ({}, guild()),
        (member(PERSON + 1), guild(r31=MANAGE_GUILD)),
        (member() | {"roles": None}, guild()),
        (member(PERSON, 51) | {"communication_disabled_until": "later"}, guild(r51=MANAGE_GUILD)),
        (member(), {}),
        (member(), guild() | {"owner_id": None}),
        (member(), guild() | {"roles": [{"id": str(GUILD), "permissions": "all"}]}),
    ],
)
async def test_an_answer_that_makes_no_sense_opens_nothing(told: object, place: object) -> None:
    with pytest.raises(PlatformUnreachableError):
        await check(Answer(200, told), Answer(200, place))
