import pytest

from socialcube.adapters.discord.presences import to_presence
from socialcube.adapters.errors import PlatformUnreachableError
from socialcube.domain.bots.types import ActivityKind, Presence, Status
from tests.fakes.discord_http import FakeGateway
from tests.fakes.discord_scene import HELLO, Scene, make_ready

BUSY = Presence(Status.BUSY, ActivityKind.LISTENING, "the rain")
PLAIN: dict[str, object] = {"since": None, "activities": [], "status": "online", "afk": False}


def shown(scene: Scene) -> Presence | None:
    return scene.adapter.presence


@pytest.mark.parametrize(
    ("presence", "status", "activities"),
    [
        (Presence(), "online", []),
        (Presence(Status.INVISIBLE), "invisible", []),
        (BUSY, "dnd", [{"name": "the rain", "type": 2}]),
        (Presence(Status.IDLE, ActivityKind.PLAYING, "chess"), "idle", [{"name": "chess", "type": 0}]),
        (Presence(activity=ActivityKind.WATCHING, text="you"), "online", [{"name": "you", "type": 3}]),
        (Presence(activity=ActivityKind.COMPETING, text="a run"), "online", [{"name": "a run", "type": 5}]),
        (
            Presence(activity=ActivityKind.CUSTOM, text="Moin"),
            "online",
            [{"name": "Custom Status", "type": 4, "state": "Moin"}],
        ),
    ],
)
def test_each_kind_is_written_as_discord_documents_it(
    presence: Presence, status: str, activities: list[dict[str, object]]
) -> None:
    assert to_presence(presence) == PLAIN | {"status": status, "activities": activities}


async def test_a_session_begins_with_it_and_shows_what_is_set_later() -> None:
    gateway = FakeGateway([HELLO, make_ready()])
    scene = Scene(gateway)
    assert shown(scene) is None
    async with scene.running():
        await scene.until("connected")
        assert shown(scene) == Presence()
        await scene.adapter.set_presence(BUSY)
        assert shown(scene) == BUSY
    [identify] = [frame for frame in gateway.sent if frame["op"] == 2]
    assert identify["d"]["presence"] == PLAIN
    [update] = [frame for frame in gateway.sent if frame["op"] == 3]
    assert update["d"] == to_presence(BUSY)


async def test_without_a_connection_nothing_is_shown() -> None:
    scene = Scene()
    with pytest.raises(PlatformUnreachableError):
        await scene.adapter.set_presence(BUSY)
    assert scene.adapter.presence is None


async def test_the_next_session_shows_what_was_set_last() -> None:
    first = FakeGateway([HELLO, make_ready(), {"op": 9, "d": False}])
    second = FakeGateway([HELLO, make_ready()])
    scene = Scene(first, second)
    scene.adapter._client._wanted = BUSY
    async with scene.running():
        await scene.until("connected", 2)
    [identify] = [frame for frame in second.sent if frame["op"] == 2]
    assert identify["d"]["presence"] == to_presence(BUSY)
