import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.infra.control_bus import ControlMessage, Topic, channel_of


@pytest.mark.parametrize("value", ["", "42"])
def test_a_message_reads_as_it_was_written(value: str) -> None:
    message = ControlMessage(Topic.LOGS_COMMITTED, "commands", value)
    assert ControlMessage.decode(Topic.LOGS_COMMITTED, message.encode()) == message


@given(st.binary())
def test_any_bytes_read_as_something(data: bytes) -> None:
    assert ControlMessage.decode(Topic.BOTS_CHANGED, data).topic is Topic.BOTS_CHANGED


def test_each_installation_and_topic_has_its_channel() -> None:
    assert channel_of("a", Topic.BOTS_CHANGED) == "a:bots.changed"
