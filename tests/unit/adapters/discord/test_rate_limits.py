import asyncio

import pytest

from socialcube.adapters.discord.rate_limits import RateLimits, read_seconds
from tests.fakes.engine import FakeTime, settle


async def send(limits: RateLimits, key: str, done: list[str]) -> None:
    async with limits.turn(key):
        await limits.wait(key)
        done.append(key)


async def test_empty_bucket_holds_its_next_request_until_it_is_refilled() -> None:
    time, done = FakeTime(), list[str]()
    limits = RateLimits(time, time.sleep)
    async with limits.turn("a"):
        limits.learn("a", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "1.5"})
    waiting = asyncio.create_task(send(limits, "a", done))
    await send(limits, "b", done)
    await time.advance(1.4)
    assert done == ["b"]
    await time.advance(0.2)
    assert done == ["b", "a"]
    await waiting


async def test_bucket_with_something_left_holds_nobody() -> None:
    time, done = FakeTime(), list[str]()
    limits = RateLimits(time, time.sleep)
    async with limits.turn("a"):
        limits.learn("a", {"X-RateLimit-Remaining": "3", "X-RateLimit-Reset-After": "60"})
    await send(limits, "a", done)
    assert done == ["a"]


async def test_global_limit_holds_every_bucket() -> None:
    time, done = FakeTime(), list[str]()
    limits = RateLimits(time, time.sleep)
    async with limits.turn("a"):
        limits.block("a", 2, everything=True)
    waiting = asyncio.create_task(send(limits, "b", done))
    await time.advance(1.9)
    assert done == []
    await time.advance(0.2)
    assert done == ["b"]
    await waiting


async def test_requests_of_one_bucket_go_one_after_the_other() -> None:
    time, done = FakeTime(), list[str]()
    limits = RateLimits(time, time.sleep)
    async with limits.turn("a"):
        waiting = asyncio.create_task(send(limits, "a", done))
        await settle()
        assert done == []
    await waiting
    assert done == ["a"]


async def test_idle_buckets_are_forgotten_and_closed_ones_kept() -> None:
    time = FakeTime()
    limits = RateLimits(time, time.sleep)
    async with limits.turn("closed"):
        limits.block("closed", 60, everything=False)
    for number in range(1000):
        async with limits.turn(str(number)):
            pass
    assert len(limits._buckets) <= 500
    assert "closed" in limits._buckets


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0.75", 0.75), (3, 3.0), (None, 1.0), ("soon", 1.0), (-4, 1.0), ("nan", 1.0), ("inf", 1.0), ([], 1.0)],
)
def test_duration_that_makes_no_sense_counts_as_one_second(value: object, seconds: float) -> None:
    assert read_seconds(value) == seconds
