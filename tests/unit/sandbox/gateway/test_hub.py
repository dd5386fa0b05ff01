"""Sessions over time, with connections that only remember what they were told."""

from typing import Any, cast

import pytest

from socialcube.sandbox.gateway.broadcast import Broadcast
from socialcube.sandbox.gateway.connection import Connection
from socialcube.sandbox.gateway.hub import Hub
from socialcube.sandbox.gateway.protocol import GatewayClosedError, NotNowError
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.witness import Witness
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.records import Presence
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock

BOT, GENERAL = 5001, 3002


class FakeConnection:
    """Takes what a hub gives to a connection."""

    path = "/gateway"
    base_url = "http://127.0.0.1:1"

    def __init__(self, hub: Hub) -> None:
        self.session: Any = None
        self.owner: Any = (None, "", None)
        self.sent: list[str] = []
        self.closed_with: int | None = None
        self.aborted = False
        self.last_beat = hub.world.clock.monotonic()
        hub.attach(self.as_real())

    def as_real(self) -> Connection:
        return cast("Connection", self)

    def send_text(self, text: str) -> None:
        self.sent.append(text)

    def deliver(self, text: str, _fault: object = None) -> None:
        self.send_text(text)

    def close(self, code: int, _reason: str = "") -> None:
        self.closed_with = self.closed_with or code

    def abort(self) -> None:
        self.aborted = True


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock, Limits(heartbeat_seconds=40.0, resume_seconds=120.0))


@pytest.fixture
def witness(clock: FakeClock) -> Witness:
    return Witness(clock)


@pytest.fixture
def hub(world: World, witness: Witness) -> Hub:
    hub = Hub(world, witness)
    world.feed.subscribe(Broadcast(world, hub).tell)
    return hub


def identify(hub: Hub, **data: Any) -> FakeConnection:
    token = hub.world.applications.get(BOT).token
    connection = FakeConnection(hub)
    hub.identify(connection.as_real(), {"token": token, "intents": 1 | 1 << 9, **data})
    return connection


def resume(hub: Hub, session_id: str, sequence: int) -> FakeConnection:
    connection = FakeConnection(hub)
    token = hub.world.applications.get(BOT).token
    hub.resume(connection.as_real(), {"token": token, "session_id": session_id, "seq": sequence})
    return connection


def events_of(connection: FakeConnection) -> list[str]:
    return [text.rpartition('"t":"')[2].rstrip('"}') for text in connection.sent]


def test_identify_greets_and_brings_the_bot_online(hub: Hub, world: World) -> None:
    connection = identify(hub)

    assert events_of(connection) == ["READY", "GUILD_CREATE"]
    assert world.applications.is_online(BOT)


def test_second_identify_must_wait_five_seconds(hub: Hub, clock: FakeClock) -> None:
    identify(hub)
    clock.advance(4.9)
    with pytest.raises(NotNowError):
        identify(hub)
    clock.advance(0.2)

    assert events_of(identify(hub))[0] == "READY"


def test_refused_identify_uses_up_no_start(hub: Hub, world: World) -> None:
    identify(hub)
    with pytest.raises(NotNowError):
        identify(hub)
    with pytest.raises(GatewayClosedError):
        identify(hub, intents=1 << 15)

    assert world.applications.starts_left(BOT)[0] == 999


def test_cut_session_waits_two_minutes_for_its_resume(hub: Hub, world: World, clock: FakeClock) -> None:
    connection = identify(hub)
    session = connection.session
    hub.detach(connection.as_real(), 1006, ended=False)
    assert not world.applications.is_online(BOT)
    world.messages.post(1001, GENERAL, Draft("missed"))
    clock.advance(119)
    hub.watch()
    resumed = resume(hub, session.id, 2)

    assert events_of(resumed) == ["MESSAGE_CREATE", "RESUMED"]
    assert world.applications.is_online(BOT)


def test_session_is_forgotten_after_two_minutes(hub: Hub, clock: FakeClock) -> None:
    connection = identify(hub)
    session = connection.session
    hub.detach(connection.as_real(), 1006, ended=False)
    clock.advance(121)
    hub.watch()

    with pytest.raises(NotNowError):
        resume(hub, session.id, 2)


def test_silent_connection_is_closed_and_then_cut(hub: Hub, clock: FakeClock) -> None:
    connection = identify(hub)
    clock.advance(59)
    hub.watch()
    in_time = connection.closed_with
    clock.advance(2)
    hub.watch()
    closed = (connection.closed_with, connection.aborted)
    hub.watch()

    assert in_time is None
    assert closed == (4009, False)
    assert connection.aborted


def test_heartbeat_keeps_a_connection(hub: Hub, clock: FakeClock) -> None:
    connection = identify(hub)
    for _ in range(5):
        clock.advance(41)
        connection.last_beat = clock.monotonic()
        hub.watch()

    assert connection.closed_with is None


def test_connection_that_never_identified_is_closed_too(hub: Hub, clock: FakeClock) -> None:
    connection = FakeConnection(hub)
    clock.advance(61)
    hub.watch()

    assert connection.closed_with == 4009


def test_token_reset_closes_and_forgets(hub: Hub, world: World) -> None:
    connection = identify(hub)
    world.applications.reset_token(BOT)

    assert connection.closed_with == 4004
    assert hub.all_sessions() == []


def test_world_reset_closes_everyone(hub: Hub, world: World) -> None:
    connection = identify(hub)
    world.reset()

    assert connection.closed_with == 4004
    assert hub.all_sessions() == []


def test_replaced_connection_does_not_take_the_session_along(hub: Hub, world: World) -> None:
    first = identify(hub)
    second = resume(hub, first.session.id, 2)
    hub.detach(first.as_real(), 4000, ended=False)

    assert first.closed_with == 4000
    assert second.session.connection is second
    assert world.applications.is_online(BOT)


def test_ephemeral_messages_reach_no_gateway(hub: Hub, world: World) -> None:
    connection = identify(hub)
    message = world.messages.post(1001, GENERAL, Draft("x"))
    message.seen_by = 1001
    world.messages.edit(message, {"content": "y"})
    world.messages.delete(message)

    assert events_of(connection) == ["READY", "GUILD_CREATE", "MESSAGE_CREATE"]


def test_every_step_is_witnessed_with_its_owner(hub: Hub, witness: Witness) -> None:
    connection = identify(hub)
    hub.detach(connection.as_real(), 4000, ended=False)

    seen = witness.list_since(0, lambda _: True, 10)
    assert [(item.kind, item.application_id, item.status) for item in seen] == [
        ("connect", None, 0),
        ("identify", "5001", 0),
        ("disconnect", "5001", 4000),
    ]


def test_resume_with_a_dead_token_is_4004(hub: Hub) -> None:
    connection = FakeConnection(hub)

    with pytest.raises(GatewayClosedError) as closed:
        hub.resume(connection.as_real(), {"token": "dead", "session_id": "x", "seq": 1})
    assert closed.value.close_code == 4004


@pytest.mark.parametrize("seq", [None, True, "2", 1.5])
def test_resume_without_a_sequence_replays_everything(hub: Hub, seq: Any) -> None:
    session = identify(hub).session
    connection = FakeConnection(hub)
    token = hub.world.applications.get(BOT).token
    hub.resume(connection.as_real(), {"token": token, "session_id": session.id, "seq": seq})

    assert events_of(connection) == ["READY", "GUILD_CREATE", "RESUMED"]


WATCHING = {"name": "the harbor", "type": 3}


def presence(status: str = "idle", **more: Any) -> dict[str, Any]:
    return {"status": status, "activities": [WATCHING], "afk": False, "since": None, **more}


def test_presence_is_remembered_and_voice_is_ignored(hub: Hub, world: World) -> None:
    connection = identify(hub)
    hub.obey(connection.session, 3, presence())
    hub.obey(connection.session, 4, {"guild_id": "2001"})

    assert connection.session.presence == Presence("idle", (WATCHING,))
    assert world.applications.presence_of(BOT) == Presence("idle", (WATCHING,))


def test_presence_may_come_with_identify(hub: Hub, world: World) -> None:
    identify(hub, presence=presence("offline"))

    assert world.applications.presence_of(BOT).status == "invisible"


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "busy"},
        {"activities": None},
        {"activities": [{"name": "x"}]},
        {"activities": [{"name": "x", "type": 9}]},
        {"afk": None},
    ],
)
def test_presence_that_discord_would_not_take_is_4002(hub: Hub, wrong: dict[str, Any]) -> None:
    connection = identify(hub)

    with pytest.raises(GatewayClosedError) as closed:
        hub.obey(connection.session, 3, presence(**wrong))
    assert closed.value.close_code == 4002


def test_presence_as_py_cord_identifies_with_it_is_4002(hub: Hub) -> None:
    with pytest.raises(GatewayClosedError) as closed:
        identify(hub, presence={"status": "idle", "game": WATCHING, "since": 0, "afk": False})
    assert closed.value.close_code == 4002


def test_presence_without_since_is_4002(hub: Hub) -> None:
    connection = identify(hub)

    with pytest.raises(GatewayClosedError):
        hub.obey(connection.session, 3, {"status": "idle", "activities": [], "afk": False})


@pytest.mark.parametrize(
    ("asked", "answers"), [({"guild_ids": ["2001", "9"]}, 1), ({"guild_ids": 5}, 0), (None, 0)]
)
def test_sounds_are_none_for_the_guilds_asked_for(hub: Hub, asked: Any, answers: int) -> None:
    connection = identify(hub)
    hub.obey(connection.session, 31, asked)

    assert events_of(connection)[2:] == ["SOUNDBOARD_SOUNDS"] * answers


def test_all_members_need_the_members_intent(hub: Hub) -> None:
    connection = identify(hub)

    with pytest.raises(GatewayClosedError) as closed:
        hub.obey(connection.session, 8, {"guild_id": "2001", "query": "", "limit": 0})
    assert closed.value.close_code == 4014


@pytest.mark.parametrize(("user_ids", "count"), [("1001", 1), (["1001", 1002], 2), ([["1001"]], 0)])
def test_some_members_can_be_asked_for_without_it(hub: Hub, user_ids: Any, count: int) -> None:
    connection = identify(hub)
    hub.obey(connection.session, 8, {"guild_id": "2001", "user_ids": user_ids})

    assert connection.sent[-1].count('"joined_at"') == count


def test_stopping_server_closes_every_connection(hub: Hub) -> None:
    known, stranger = identify(hub), FakeConnection(hub)
    hub.close_all()

    assert (known.closed_with, stranger.closed_with) == (1001, 1001)
