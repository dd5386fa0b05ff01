"""What gives a worker its places back, and the fault of kombu that it makes good for."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from kombu.transport import redis, virtual
from kombu.transport.virtual import Message
from redis.exceptions import ConnectionError as RedisAwayError

from socialcube.worker import broker

TAG = "1"


class AwayChannel:
    """A channel to a Redis that is away."""

    unacked_key = unacked_index_key = "unacked"

    def conn_or_acquire(self, _client: object = None) -> NoReturn:
        raise RedisAwayError


def full(kind: Callable[..., Any]) -> Any:
    """Give the only place of a channel, taken by a message."""
    qos = kind(AwayChannel(), prefetch_count=1)
    # Nothing is to be put back when the tests end.
    qos._on_collect.cancel()
    virtual.QoS.append(qos, Message({"properties": {"delivery_tag": TAG}}), TAG)
    assert not qos.can_consume()
    return qos


def test_place_of_a_message_that_is_done_is_free_although_redis_did_not_hear_it() -> None:
    qos = full(broker.ForgivingQoS)
    with pytest.raises(RedisAwayError):
        qos.ack(TAG)
    assert qos.can_consume()


@pytest.mark.parametrize("requeue", [True, False])
def test_place_of_a_message_that_is_handed_back_is_free_too(requeue: bool) -> None:
    qos = full(broker.ForgivingQoS)
    with pytest.raises(RedisAwayError):
        qos.reject(TAG, requeue=requeue)
    assert qos.can_consume()


def test_kombu_itself_keeps_the_place_taken() -> None:
    qos = full(redis.QoS)
    with pytest.raises(RedisAwayError):
        qos.ack(TAG)
    assert not qos.can_consume(), "kombu does it by itself now: worker/broker.py is not needed any more"
