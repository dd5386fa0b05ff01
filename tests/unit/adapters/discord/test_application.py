import pytest

from socialcube.adapters.discord.application import DiscordApplication
from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import PlatformUnreachableError
from socialcube.engine.ports import Message
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import FakeClock
from tests.fakes.discord_http import Answer, FakeTransport

BASE = "https://discord.test/api/v10"
GATEWAY = {
    "url": "wss://gateway.test",
    "session_start_limit": {"remaining": 7, "total": 1000, "reset_after": 60_000, "max_concurrency": 1},
}
MEMBERS, CONTENT = 1 << 1, 1 << 15
MEMBERS_LIMITED, PRESENCES_FULL, CONTENT_LIMITED = 1 << 15, 1 << 12, 1 << 19
BADGE = 1 << 23


def application(*script: Answer) -> tuple[DiscordApplication, FakeTransport]:
    transport = FakeTransport(FakeClock())
    transport.fake.script.extend(script)
    return DiscordApplication(RestClient(transport, Secret("t"), lambda: True)), transport


async def test_inspecting_asks_for_flags_and_starts() -> None:
    flags = MEMBERS_LIMITED | BADGE
    subject, _ = application(Answer(200, {"flags": flags, "bot_public": True}), Answer(200, GATEWAY))
    facts = await subject.inspect()
    assert (facts.intents, facts.flags, facts.is_public) == (MEMBERS, flags, True)
    assert (facts.starts.remaining, facts.starts.total, facts.starts.reset_seconds) == (7, 1000, 60.0)


async def test_only_flags_of_limited_intents_are_switched() -> None:
    flags = MEMBERS_LIMITED | PRESENCES_FULL | BADGE
    wanted = CONTENT_LIMITED | PRESENCES_FULL | BADGE
    subject, transport = application(Answer(200, {"flags": flags}), Answer(200, {"flags": wanted}))
    assert await subject.set_intents(CONTENT) == CONTENT | 1 << 8
    change = transport.fake.calls[1]
    assert (change.method, change.url, change.json) == (
        "PATCH",
        f"{BASE}/applications/@me",
        {"flags": wanted},
    )


async def test_what_is_so_already_is_not_asked_for() -> None:
    subject, transport = application(Answer(200, {"flags": MEMBERS_LIMITED}))
    assert await subject.set_intents(MEMBERS) == MEMBERS
    assert len(transport.fake.calls) == 1


@pytest.mark.parametrize("body", [[], {}, {"flags": "many"}, {"flags": None}])
async def test_an_answer_that_makes_no_sense_changes_nothing(body: object) -> None:
    subject, transport = application(Answer(200, body))
    with pytest.raises(PlatformUnreachableError):
        await subject.set_intents(MEMBERS)
    assert len(transport.fake.calls) == 1


async def test_a_message_mentions_nobody_and_arrives_once() -> None:
    subject, transport = application(Answer(503, ""), Answer(200, {"id": "1"}))
    await subject.post(41, Message("@everyone look"), "run-1")
    first, again = transport.fake.calls
    assert (first.method, first.url) == ("POST", f"{BASE}/channels/41/messages")
    assert first.json == again.json
    assert first.json["allowed_mentions"] == {"parse": []}
    assert (first.json["nonce"], first.json["enforce_nonce"]) == ("run-1", True)
