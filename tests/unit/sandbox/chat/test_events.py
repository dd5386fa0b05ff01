from typing import TYPE_CHECKING, Any

import pytest

from socialcube.sandbox.chat.events import event_for
from socialcube.sandbox.world.changes import Change, GuildChanged, WorldReset
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import ResponseKind
from socialcube.sandbox.world.records import EPHEMERAL
from socialcube.sandbox.world.seed import FERN, GREENHOUSE, JONAS, MARA
from tests.unit.sandbox.chat.support import slash

if TYPE_CHECKING:
    from socialcube.sandbox.world.interaction import Interaction
    from socialcube.sandbox.world.world import World
    from tests.fakes.clock import FakeClock

GENERAL = 3002


class Told:
    """What each person's page is told, in order."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.by_person: dict[int, list[dict[str, Any]]] = {MARA: [], JONAS: []}
        world.feed.subscribe(self._note)

    def types(self, person: int) -> list[str]:
        return [event["type"] for event in self.by_person[person]]

    def _note(self, change: Change) -> None:
        for person, events in self.by_person.items():
            event = event_for(self._world, change, person)
            if event:
                events.append(event)


@pytest.fixture
def told(world: "World") -> Told:
    return Told(world)


def start(world: "World") -> "Interaction":
    command, _ = world.commands.upsert(GREENHOUSE, None, slash("hello"))
    return world.interactions.invoke(MARA, GENERAL, command.id)


def test_a_message_is_told_with_its_content(world: "World", told: Told) -> None:
    world.messages.post(MARA, GENERAL, Draft("hello"))
    (event,) = told.by_person[JONAS]
    assert (event["type"], event["message"]["content"]) == ("message", "hello")


def test_a_removed_message_is_told_by_id(world: "World", told: Told) -> None:
    message = world.messages.post(MARA, GENERAL, Draft("hello"))
    world.messages.delete(message)
    assert told.by_person[JONAS][-1] == {
        "type": "message_deleted",
        "id": str(message.id),
        "channel_id": "3002",
    }


def test_a_private_answer_is_told_to_its_person_only(world: "World", told: Told) -> None:
    world.interactions.respond(start(world), ResponseKind.MESSAGE, Draft("psst", flags=EPHEMERAL))
    assert told.types(MARA) == ["changed", "message", "interaction_answered"]
    assert told.types(JONAS) == ["changed"]


def test_an_interaction_that_ran_out_of_time_is_told_to_its_person_only(
    world: "World", told: Told, clock: "FakeClock"
) -> None:
    interaction = start(world)
    clock.advance(3.1)
    world.interactions.expire()
    assert told.by_person[MARA][-1] == {"type": "interaction_failed", "id": str(interaction.id)}
    assert told.types(JONAS) == ["changed"]


def test_a_started_interaction_is_not_told_for_its_page_knows(world: "World", told: Told) -> None:
    start(world)
    assert told.types(MARA) == ["changed"]


def test_a_bots_presence_is_told(world: "World", told: Told) -> None:
    world.applications.set_online(GREENHOUSE, online=True)
    seen = {"online": True, "status": "online", "activity": ""}
    assert told.by_person[JONAS] == [{"type": "presence", "user_id": str(GREENHOUSE), **seen}]


@pytest.mark.parametrize("change", [GuildChanged(FERN), WorldReset()])
def test_what_changes_the_structure_makes_the_page_fetch_again(world: "World", change: Change) -> None:
    assert event_for(world, change, MARA) == {"type": "changed"}
