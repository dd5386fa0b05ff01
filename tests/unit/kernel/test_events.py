from dataclasses import dataclass

from socialcube.kernel.events import Event, NullPublisher


@dataclass(frozen=True, slots=True)
class LampLit(Event):
    lamp_id: int


def test_null_publisher_takes_any_event() -> None:
    event = LampLit(lamp_id=1)
    NullPublisher().publish([event])
    assert event == LampLit(lamp_id=1)
