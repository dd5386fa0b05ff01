import asyncio
import zlib

import pytest

from socialcube.adapters.errors import (
    HeldError,
    IntentsMissingError,
    PlatformUnreachableError,
    TokenInvalidError,
)
from socialcube.domain.placements.errors import LeaseLostError, StartsUsedUpError
from tests.fakes.discord_http import Answer, FakeGateway
from tests.fakes.discord_scene import GUILD, HELLO, RESUME_URL, Scene, make_event, make_ready
from tests.fakes.engine import settle


async def test_bot_identifies_with_its_intents_and_is_connected() -> None:
    gateway = FakeGateway([HELLO, make_ready()])
    scene = Scene(gateway)
    async with scene.running():
        await scene.until("connected")
    [identify] = [frame for frame in gateway.sent if frame["op"] == 2]
    assert identify["d"]["token"] == "the-token"
    assert identify["d"]["intents"] == 1, "no bot can do without its servers"
    assert "compress" not in identify["d"]
    assert scene.events.of("connected") == [frozenset({2001})]
    assert [starts.remaining for starts in scene.events.admitted] == [999]


async def test_a_flood_to_one_bot_leaves_the_others_their_turns() -> None:
    flood = [make_event("TYPING_START", {}, number) for number in range(2, 3202)]
    scene = Scene(FakeGateway([HELLO, make_ready(), *flood]))
    turns = 0
    async with scene.running(), asyncio.timeout(30):
        while (session := scene.adapter.session) is None or session.sequence < 3201:
            await asyncio.sleep(0)
            turns += 1
    assert turns > 100


async def test_compressed_stream_is_read_in_pieces() -> None:
    packer = zlib.compressobj()

    def pack(text: str) -> bytes:
        return packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)

    hello = pack('{"op": 10, "d": {"heartbeat_interval": 40000}}')
    gateway = FakeGateway([hello[:5], hello[5:], pack('{"op": 11}'), make_ready()])
    scene = Scene(gateway)
    async with scene.running():
        await scene.until("connected")
    assert [frame["op"] for frame in gateway.sent].count(2) == 1


async def test_lost_session_is_resumed_at_its_own_address() -> None:
    first = FakeGateway([HELLO, make_ready(), {"op": 7, "d": None}])
    second = FakeGateway([HELLO, make_event("RESUMED", {}, 2)])
    scene = Scene(first, second)
    async with scene.running():
        await scene.until("resumed")
    assert first.closed_with == 4000
    assert scene.transport.opened[1] == RESUME_URL
    [resume] = [frame for frame in second.sent if frame["op"] == 6]
    assert resume["d"] == {"token": "the-token", "session_id": "abc", "seq": 1}
    assert len(scene.transport.fake.calls) == 1, "the general address is asked once"


@pytest.mark.parametrize(("frames", "code"), [([{"op": 9, "d": False}], None), ([], 4007), ([], 4009)])
async def test_ended_session_is_started_anew(frames: list[object], code: int | None) -> None:
    scene = Scene(FakeGateway([HELLO, make_ready(), *frames], code), FakeGateway([HELLO, make_ready()]))
    async with scene.running():
        await scene.until("connected", 2)
    assert len(scene.events.admitted) == 2
    assert scene.plan.waits[0] >= 1


@pytest.mark.parametrize(
    ("code", "error"), [(4004, TokenInvalidError), (4014, IntentsMissingError), (4011, HeldError)]
)
async def test_final_close_ends_the_bot_after_one_try(code: int, error: type[HeldError]) -> None:
    scene = Scene(FakeGateway([HELLO], code))
    with pytest.raises(error):
        await scene.adapter.run()
    assert len(scene.transport.opened) == 1


async def test_unknown_token_ends_the_bot_before_any_connection() -> None:
    scene = Scene(starts=0)
    scene.transport.fake.script.append(Answer(401, {}))
    with pytest.raises(TokenInvalidError):
        await scene.adapter.run()
    assert scene.transport.opened == []


async def test_token_of_another_bot_is_refused() -> None:
    scene = Scene(FakeGateway([HELLO, make_ready(bot="6666")]))
    with pytest.raises(TokenInvalidError, match="another bot"):
        await scene.adapter.run()


async def test_start_that_the_budget_refuses_ends_the_bot_without_a_connection() -> None:
    scene = Scene()
    scene.events.refusal = StartsUsedUpError(used=900, limit=900)
    with pytest.raises(StartsUsedUpError):
        await scene.adapter.run()
    assert scene.transport.opened == []


@pytest.mark.parametrize("frames", [[], [HELLO]], ids=["before HELLO", "after HELLO"])
async def test_gateway_that_closes_at_once_is_tried_ever_later_and_survived(frames: list[object]) -> None:
    scene = Scene(*[FakeGateway(frames, 1006) for _ in range(6)], FakeGateway([HELLO, make_ready()]))
    async with scene.running():
        await scene.until("connected")
    assert scene.plan.waits == sorted(scene.plan.waits)
    assert scene.plan.waits[-1] > 30


async def test_gateway_that_cannot_be_reached_is_tried_again() -> None:
    scene = Scene(PlatformUnreachableError(reason="test"), FakeGateway([HELLO, make_ready()]))
    async with scene.running():
        await scene.until("connected")
    assert scene.events.of("disconnected") == ["The platform cannot be reached: test."]


@pytest.mark.parametrize(
    "frame",
    [
        make_event("GUILD_CREATE", {}, 2),
        make_event("GUILD_ROLE_CREATE", None, 2),
        make_event("INTERACTION_CREATE", {"type": 2}, 2),
        "{broken",
    ],
)
async def test_broken_event_is_skipped_and_the_next_one_is_taken(frame: object) -> None:
    scene = Scene(FakeGateway([HELLO, make_ready(), frame, make_event("GUILD_CREATE", GUILD, 3)]))
    async with scene.running():
        await scene.until("guild_changed")
    assert len(scene.events.of("event_skipped")) == 1


async def test_broken_ready_leads_to_another_start() -> None:
    broken = FakeGateway([HELLO, make_event("READY", {}, 1)])
    scene = Scene(broken, FakeGateway([HELLO, make_ready()]))
    async with scene.running():
        await scene.until("connected")
    assert broken.closed_with == 1000
    assert len(scene.events.admitted) == 2


async def test_broken_stream_leads_to_another_connection() -> None:
    junk = b"no zlib\x00\x00\xff\xff"
    broken = FakeGateway([HELLO, make_ready(), junk])
    second = FakeGateway([HELLO, make_event("RESUMED", {}, 2)])
    scene = Scene(broken, second)
    async with scene.running():
        await scene.until("resumed")
    assert broken.closed_with == 4000
    assert [frame["op"] for frame in second.sent if frame["op"] in {2, 6}] == [6]


async def test_server_is_described_with_its_channels_and_roles() -> None:
    scene = Scene(FakeGateway([HELLO, make_ready(), make_event("GUILD_CREATE", GUILD, 2)]))
    async with scene.running():
        await scene.until("guild_changed")
    guild = scene.adapter.describe_guild(2001)
    assert guild is not None
    assert (guild.name, guild.owner_external_id, guild.permissions) == ("Fern Street", 1001, 2048)
    assert [channel.name for channel in guild.channels] == ["general"]
    assert [role.name for role in guild.roles] == ["@everyone"]
    assert scene.adapter.list_guild_ids() == {2001}
    assert scene.adapter.guild_count == 1


async def test_server_that_is_only_unavailable_was_not_left() -> None:
    gone = make_event("GUILD_DELETE", {"id": "2001", "unavailable": True}, 3)
    left = make_event("GUILD_DELETE", {"id": "2001"}, 4)
    scene = Scene(FakeGateway([HELLO, make_ready(), make_event("GUILD_CREATE", GUILD, 2), gone, left]))
    async with scene.running():
        await scene.until("guild_left")
    assert scene.events.of("guild_unavailable") == [2001]
    assert scene.events.of("guild_left") == [2001]
    assert scene.adapter.describe_guild(2001) is None


@pytest.mark.parametrize(("member", "heard"), [("5001", [2001, 2001]), ("1001", [2001])])
async def test_new_roles_count_when_they_are_the_bots_own(member: str, heard: list[int]) -> None:
    user = {"id": member, "username": "x", "discriminator": "0", "avatar": None}
    change: dict[str, object] = {"guild_id": "2001", "user": user, "roles": [], "joined_at": None}
    scene = Scene(
        FakeGateway(
            [
                HELLO,
                make_ready(),
                make_event("GUILD_CREATE", GUILD, 2),
                make_event("GUILD_MEMBER_UPDATE", change, 3),
                make_event("GUILD_DELETE", {"id": "2001"}, 4),
            ]
        )
    )
    async with scene.running():
        await scene.until("guild_left")
    assert scene.events.of("guild_changed") == heard


async def test_a_channel_with_rules_of_its_own_tells_what_the_bot_may_do_there() -> None:
    shut = {"id": "2001", "type": 0, "allow": "0", "deny": "2048"}
    channels = [
        {"id": "3001", "type": 0, "name": "general", "position": 0},
        {"id": "3002", "type": 0, "name": "rules", "position": 1, "permission_overwrites": [shut]},
        {"id": "3003", "type": 2, "name": "talk", "position": 2, "permission_overwrites": [shut]},
    ]
    create = make_event("GUILD_CREATE", {**GUILD, "channels": channels}, 2)
    scene = Scene(FakeGateway([HELLO, make_ready(), create]))
    async with scene.running():
        await scene.until("guild_changed")
    guild = scene.adapter.describe_guild(2001)
    assert guild is not None
    bits = {channel.name: channel.permissions for channel in guild.channels}
    assert (bits["general"], bits["talk"]) == (None, None)
    assert bits["rules"] is not None
    assert not bits["rules"] & 2048


@pytest.mark.parametrize(("hand_over", "code"), [(True, 4000), (False, 1000)])
async def test_leaving_keeps_the_session_only_for_a_hand_over(*, hand_over: bool, code: int) -> None:
    gateway = FakeGateway([HELLO, make_ready()])
    scene = Scene(gateway)
    async with scene.running() as task:
        await scene.until("connected")
        await scene.adapter.stop(hand_over=hand_over)
        await asyncio.wait_for(task, 5)
    assert gateway.closed_with == code
    assert scene.events.of("disconnected") == []


async def test_bot_of_another_runner_is_dropped_without_a_word() -> None:
    gateway = FakeGateway([HELLO, make_ready()])
    scene = Scene(gateway)
    async with scene.running() as task:
        await scene.until("connected")
        sent = len(gateway.sent)
        scene.events.owns = False
        await scene.adapter.stop(hand_over=True)
        await asyncio.wait_for(task, 5)
    assert gateway.dropped
    assert gateway.closed_with is None
    assert len(gateway.sent) == sent


async def test_bot_of_another_runner_does_not_even_connect() -> None:
    scene = Scene()
    scene.events.owns = False
    with pytest.raises(LeaseLostError):
        await scene.adapter.run()
    assert scene.transport.fake.calls == []
    assert scene.transport.opened == []


async def test_gateway_that_asks_for_a_heartbeat_gets_one() -> None:
    gateway = FakeGateway([HELLO, make_ready(), {"op": 1, "d": None}, make_event("RESUMED", {}, 2)])
    scene = Scene(gateway)
    async with scene.running():
        await scene.until("resumed")
    assert {"op": 1, "d": 1} in gateway.sent
    assert scene.adapter.latency_ms is None
    assert scene.adapter.last_event_at == scene.clock.now()


async def test_acknowledgement_and_good_answer_are_noted_apart_from_events() -> None:
    scene = Scene(FakeGateway([HELLO, make_ready(), {"op": 11}]))
    assert (scene.adapter.last_ack_at, scene.adapter.last_rest_at) == (None, None)
    async with scene.running():
        await scene.until("connected")
        await settle()
    assert scene.adapter.last_ack_at == scene.adapter.last_rest_at == scene.clock.now()


async def test_connection_that_is_taken_counts_as_acknowledged() -> None:
    frames = ([HELLO, make_ready(), {"op": 7, "d": None}], [HELLO, make_event("RESUMED", {}, 2)])
    scene = Scene(*(FakeGateway(each) for each in frames))
    async with scene.running():
        await scene.until("connected")
        begun = scene.adapter.last_ack_at
        scene.clock.advance(3600)
        await scene.until("resumed")
        assert begun is not None
        assert scene.adapter.last_ack_at == scene.clock.now() > begun


async def test_shard_says_which_one_of_how_many_it_is() -> None:
    gateway = FakeGateway([HELLO, make_ready()])
    scene = Scene(gateway, shard=1, shard_count=3)
    async with scene.running():
        await scene.until("connected")
    [identify] = [frame for frame in gateway.sent if frame["op"] == 2]
    assert identify["d"]["shard"] == [1, 3]


async def test_bot_of_one_part_says_nothing_of_shards() -> None:
    gateway = FakeGateway([HELLO, make_ready()])
    scene = Scene(gateway)
    async with scene.running():
        await scene.until("connected")
    assert "shard" not in gateway.sent[0]["d"]
