"""Redis as the worker's broker, without a way for the worker to grow deaf.

A worker holds as many messages as it has places. kombu 5.7.0 gives a place back only once Redis took the
acknowledgement (`kombu.transport.redis.QoS.ack`). When Redis goes away while a task runs, that fails and the
place stays taken. A worker whose places are all taken waits for nothing: it never notices that its connection
is gone, and hears nothing when Redis is back.
"""

from typing import Final

from kombu.transport import TRANSPORT_ALIASES, redis, virtual

_SCHEMES: Final = ("redis", "rediss")


class ForgivingQoS(redis.QoS):
    """Gives the place of a message back, whether Redis heard that it is done or not.

    What Redis did not hear it delivers once more, and a job that was done is not done again.
    """

    def ack(self, delivery_tag: str) -> None:
        """Say that a message is done.

        Raises:
            ConnectionError: Redis did not hear it. The place is free all the same.
        """
        try:
            super().ack(delivery_tag)
        finally:
            virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Hand a message back, or drop it.

        Raises:
            ConnectionError: Redis did not hear it. The place is free all the same.
        """
        try:
            super().reject(delivery_tag, requeue=requeue)
        finally:
            virtual.QoS.ack(self, delivery_tag)


class Channel(redis.Channel):
    """A channel with forgiving places."""

    QoS = ForgivingQoS


class Transport(redis.Transport):
    """kombu's Redis transport over such channels."""

    Channel = Channel


def install() -> None:
    """Let this process reach Redis this way, whatever the address begins with."""
    for scheme in _SCHEMES:
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
