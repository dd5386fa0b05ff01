import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from socialcube.infra.breaker import PAUSE_SECONDS
from socialcube.infra.control_bus import ControlBus, ControlMessage, Topic
from socialcube.infra.control_listener import ControlListener
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import FakeClock
from tests.support.valkey import RunningValkey

HINT = ControlMessage(Topic.LOGS_COMMITTED, "commands", "42")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def bus(valkey: RunningValkey, clock: FakeClock) -> Iterator[ControlBus]:
    bus = ControlBus(valkey.url, namespace="test", clock=clock)
    yield bus
    bus.close()


def wait_for(holds: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"


def test_a_hint_reaches_who_listens_to_its_topic(bus: ControlBus) -> None:
    commands = bus.subscribe(Topic.LOGS_COMMITTED)
    others = bus.subscribe(Topic.BOTS_CHANGED)
    assert commands.wait(0.05) is None
    assert others.wait(0.05) is None
    assert bus.publish(HINT)
    assert commands.wait(2) == HINT
    assert others.wait(0.05) is None
    commands.close()
    others.close()


def test_installations_on_one_server_do_not_hear_each_other(valkey: RunningValkey, bus: ControlBus) -> None:
    other = ControlBus(valkey.url, namespace="other")
    subscription = other.subscribe(Topic.LOGS_COMMITTED)
    subscription.wait(0.05)
    bus.publish(HINT)
    assert subscription.wait(0.2) is None
    subscription.close()
    other.close()


def test_without_a_server_publishing_is_quick_and_quiet(valkey: RunningValkey, bus: ControlBus) -> None:
    valkey.kill()
    started = time.monotonic()
    assert [bus.publish(HINT) for _ in range(100)] == [False] * 100
    assert not bus.ping()
    assert time.monotonic() - started < 2


def test_publishing_works_again_once_the_server_is_back(
    valkey: RunningValkey, bus: ControlBus, clock: FakeClock
) -> None:
    assert bus.publish(HINT)
    valkey.kill()
    assert not any(bus.publish(HINT) for _ in range(3))
    valkey.start()
    clock.advance(PAUSE_SECONDS)
    assert bus.publish(HINT)
    assert bus.ping()


def test_a_black_hole_costs_half_a_second_and_then_nothing(clock: FakeClock) -> None:
    # TEST-NET-1 (RFC 5737) is routed nowhere: packets vanish or are refused, and neither may take long.
    bus = ControlBus(Secret("redis://192.0.2.1:6379/0"), namespace="test", clock=clock)
    started = time.monotonic()
    assert not any(bus.publish(HINT) for _ in range(50))
    assert time.monotonic() - started < 3


def test_a_subscription_heals_after_a_crash(valkey: RunningValkey, bus: ControlBus, clock: FakeClock) -> None:
    subscription = bus.subscribe(Topic.LOGS_COMMITTED)
    subscription.wait(0.05)
    valkey.kill()
    assert subscription.wait(0.05) is None
    valkey.start()

    def heard() -> bool:
        clock.advance(PAUSE_SECONDS)
        bus.publish(HINT)
        return subscription.wait(0.2) == HINT

    wait_for(heard)
    subscription.close()


async def first(messages: AsyncIterator[ControlMessage]) -> ControlMessage:
    return await anext(messages)


async def hear(bus: ControlBus, task: asyncio.Task[ControlMessage], clock: FakeClock) -> ControlMessage:
    """Publish until the listener hears: nobody tells when it has subscribed."""
    async with asyncio.timeout(20):
        while not task.done():
            clock.advance(PAUSE_SECONDS)
            await asyncio.to_thread(bus.publish, HINT)
            await asyncio.sleep(0.05)
    return task.result()


async def test_the_asyncio_side_hears_the_same(
    valkey: RunningValkey, bus: ControlBus, clock: FakeClock
) -> None:
    messages = ControlListener(valkey.url, namespace="test").listen(Topic.LOGS_COMMITTED, Topic.BOTS_CHANGED)
    assert await hear(bus, asyncio.create_task(first(messages)), clock) == HINT


async def test_the_asyncio_side_heals_after_a_crash(
    valkey: RunningValkey, bus: ControlBus, clock: FakeClock
) -> None:
    listener = ControlListener(valkey.url, namespace="test", retry_seconds=0.05)
    messages = listener.listen(Topic.LOGS_COMMITTED)
    assert await hear(bus, asyncio.create_task(first(messages)), clock) == HINT
    waiting = asyncio.create_task(first(messages))
    await asyncio.to_thread(valkey.kill)
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await asyncio.to_thread(valkey.start)
    assert await hear(bus, waiting, clock) == HINT


async def test_the_asyncio_side_waits_for_a_server_that_is_not_there_yet(
    valkey: RunningValkey, bus: ControlBus, clock: FakeClock
) -> None:
    valkey.kill()
    messages = ControlListener(valkey.url, namespace="test", retry_seconds=0.05).listen(Topic.LOGS_COMMITTED)
    waiting = asyncio.create_task(first(messages))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(valkey.start)
    assert await hear(bus, waiting, clock) == HINT
