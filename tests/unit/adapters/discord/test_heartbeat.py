import asyncio

from socialcube.adapters.discord.heartbeat import Heartbeat
from socialcube.domain.placements.errors import LeaseLostError
from tests.fakes.engine import FakeTime, settle


class Connection:
    def __init__(self) -> None:
        self.sequence: int | None = 42
        self.beats: list[object] = []
        self.closed_with: int | None = None
        self.fault: Exception | None = None
        self.is_dropped = False

    async def send_heartbeat(self, data: dict[str, object], /) -> None:
        if self.fault is not None:
            raise self.fault
        self.beats.append(data)

    async def close(self, code: int = 4000) -> None:
        self.closed_with = code

    async def drop(self) -> None:
        self.is_dropped = True


def start(connection: Connection, time: FakeTime, jitter: float = 0.5) -> Heartbeat:
    heartbeat = Heartbeat(connection, 40, clock=time, sleep=time.sleep, jitter=lambda: jitter)
    heartbeat.start()
    return heartbeat


async def test_first_beat_comes_after_a_random_part_of_the_interval() -> None:
    connection, time = Connection(), FakeTime()
    start(connection, time, jitter=0.5)
    await time.advance(19.9)
    assert connection.beats == []
    await time.advance(0.1)
    assert connection.beats == [{"op": 1, "d": 42}]


async def test_acknowledged_beats_go_on_at_the_interval() -> None:
    connection, time = Connection(), FakeTime()
    heartbeat = start(connection, time, jitter=0)
    for _ in range(5):
        await time.advance(0)
        heartbeat.ack()
        await time.advance(10)
        await time.advance(30)
    assert len(connection.beats) == 6
    assert connection.closed_with is None


async def test_beat_that_nobody_acknowledges_ends_the_connection_after_ten_seconds() -> None:
    connection, time = Connection(), FakeTime()
    start(connection, time, jitter=0)
    await time.advance(0)
    await time.advance(9.9)
    assert connection.closed_with is None
    await time.advance(0.2)
    assert connection.closed_with == 4000


async def test_latency_is_the_time_until_the_acknowledgement() -> None:
    connection, time = Connection(), FakeTime()
    heartbeat = start(connection, time, jitter=0)
    await time.advance(0)
    time.move(0.25)
    heartbeat.ack()
    assert heartbeat.latency == 0.25
    time.move(1)
    heartbeat.ack()
    assert heartbeat.latency == 0.25, "an acknowledgement that nobody waited for says nothing"


async def test_beat_for_a_bot_that_is_not_ours_any_more_is_not_sent_and_ends_the_connection() -> None:
    connection, time = Connection(), FakeTime()
    connection.fault = LeaseLostError()
    heartbeat = Heartbeat(connection, 40, clock=time, sleep=time.sleep, jitter=lambda: 0)
    task = asyncio.create_task(heartbeat.run())
    await time.advance(0)
    assert task.done()
    assert task.exception() is None
    assert connection.is_dropped, "nobody would notice any more that the gateway fell silent"
    assert connection.closed_with is None


async def test_stopped_heartbeat_beats_no_more() -> None:
    connection, time = Connection(), FakeTime()
    heartbeat = start(connection, time, jitter=0.5)
    await settle()
    heartbeat.stop()
    await time.advance(100)
    assert connection.beats == []
