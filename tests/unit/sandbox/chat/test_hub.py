from typing import TYPE_CHECKING, Any

import pytest

from socialcube.sandbox.chat.hub import QUEUE_SIZE, Hub, Listener
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.seed import JONAS, MARA

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World

GENERAL, STAFF = 3002, 3005


async def drain(listener: Listener) -> list[dict[str, Any]]:
    """Give what is queued, up to the end that this puts behind it."""
    listener.tell({"type": "end"})
    events = []
    while (event := await listener.next_event()) is not None and event["type"] != "end":
        events.append(event)
    return events


async def test_a_message_reaches_every_open_page(world: "World", hub: Hub) -> None:
    listeners = [hub.join(MARA), hub.join(MARA), hub.join(JONAS)]
    for listener in listeners:
        await drain(listener)
    world.messages.post(MARA, GENERAL, Draft("hi"))
    for listener in listeners:
        (event,) = await drain(listener)
        assert event["message"]["content"] == "hi"


async def test_people_are_present_while_a_page_is_open(hub: Hub) -> None:
    watcher = hub.join(JONAS)
    first, second = hub.join(MARA), hub.join(MARA)
    assert hub.present == {JONAS, MARA}
    hub.leave(first)
    assert hub.present == {JONAS, MARA}
    hub.leave(second)
    assert hub.present == {JONAS}
    online = [event["online"] for event in await drain(watcher) if event["user_id"] == str(MARA)]
    assert online == [True, False]


async def test_a_page_that_does_not_keep_up_is_cut_off_and_the_others_are_not(hub: Hub) -> None:
    slow, quick = hub.join(MARA), hub.join(JONAS)
    await drain(quick)
    for number in range(QUEUE_SIZE + 1):
        slow.tell({"type": "message", "number": number})
    assert await slow.next_event() is None
    slow.tell({"type": "message"})
    assert await drain(quick) == []


async def test_a_hub_that_closes_ends_every_page_and_stops_listening(world: "World", hub: Hub) -> None:
    listener = hub.join(MARA)
    hub.close()
    world.messages.post(MARA, GENERAL, Draft("hi"))
    assert await listener.next_event() is None


@pytest.mark.parametrize("leavings", [1, 2])
async def test_one_listener_leaves_once(hub: Hub, leavings: int) -> None:
    listeners = [hub.join(MARA) for _ in range(leavings)]
    for listener in listeners:
        hub.leave(listener)
    assert hub.present == frozenset()
