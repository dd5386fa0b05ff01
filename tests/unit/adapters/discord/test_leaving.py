import pytest

from socialcube.adapters.discord.leaving import leave_guild
from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import CallRefusedError
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import FakeClock
from tests.fakes.discord_http import Answer, FakeTransport

BASE = "https://discord.test/api/v10"


async def leave(answer: Answer) -> FakeTransport:
    transport = FakeTransport(FakeClock())
    transport.fake.script.append(answer)
    await leave_guild(RestClient(transport, Secret("t"), lambda: True), 31)
    return transport


async def test_discord_is_told() -> None:
    transport = await leave(Answer(204, ""))
    assert [(call.method, call.url) for call in transport.fake.calls] == [
        ("DELETE", f"{BASE}/users/@me/guilds/31")
    ]


async def test_a_server_that_the_bot_is_not_in_is_fine() -> None:
    transport = await leave(Answer(404, {"code": 10004, "message": "Unknown Guild"}))
    assert len(transport.fake.calls) == 1


async def test_another_refusal_is_told() -> None:
    with pytest.raises(CallRefusedError):
        await leave(Answer(400, {"code": 50055, "message": "Invalid guild"}))
