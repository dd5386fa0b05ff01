from uuid import UUID

from socialcube.domain.api_keys.registry import KeyRegistry
from socialcube.domain.api_keys.types import KeyRecord
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.web.realtime.live import _add
from socialcube.web.realtime.serving import forgetting
from tests.factories.api_keys import PEPPERS
from tests.fakes.clock import FakeClock

MARA = UUID(int=5)


class Keys(KeyRegistry):
    """Notes what it is told to forget."""

    def __init__(self) -> None:
        super().__init__(lambda _: _none(), PEPPERS, FakeClock())
        self.forgotten: list[object] = []

    def forget(self, public_id: str) -> None:
        self.forgotten.append(public_id)

    def forget_of(self, user_id: UUID) -> None:
        self.forgotten.append(user_id)


def _none() -> KeyRecord | None:
    return None


def hear(keys: Keys, topic: Topic, subject: str) -> None:
    forgetting(keys)[topic](ControlMessage(topic, subject))


def test_a_changed_key_and_a_changed_person_are_forgotten() -> None:
    keys = Keys()
    hear(keys, Topic.KEYS_CHANGED, "0123abcD")
    hear(keys, Topic.ACCESS_CHANGED, str(MARA))
    assert keys.forgotten == ["0123abcD", MARA]


def test_a_hint_that_names_nobody_is_harmless() -> None:
    keys = Keys()
    hear(keys, Topic.ACCESS_CHANGED, "nobody")
    assert keys.forgotten == []


def test_two_who_wait_for_one_topic_both_hear() -> None:
    heard: list[str] = []
    added = _add(
        {Topic.ACCESS_CHANGED: lambda _: heard.append("live")},
        {
            Topic.ACCESS_CHANGED: lambda _: heard.append("keys"),
            Topic.KEYS_CHANGED: lambda _: heard.append("keys"),
        },
    )
    for topic in (Topic.ACCESS_CHANGED, Topic.KEYS_CHANGED):
        added[topic](ControlMessage(topic, ""))
    assert heard == ["live", "keys", "keys"]
