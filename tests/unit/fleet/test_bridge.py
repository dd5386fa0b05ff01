import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from socialcube.db.session import read_sessions, write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.fleet import bridge as module
from socialcube.fleet.bridge import Bridge, BridgeFullError
from socialcube.fleet.write_turns import WriteTurns


@pytest.fixture
def real(engine: Engine) -> Iterator[Bridge]:
    writes = write_sessions(engine)
    bridge = Bridge(lambda: UnitOfWork(writes()), read_sessions(engine), threads=2, name="test")
    yield bridge
    bridge.close()


def put(uow: UnitOfWork, key: str, *, fail: bool = False) -> str:
    uow.session.execute(
        text("INSERT INTO settings (key, value, created_at, updated_at) VALUES (:key, '1', 'x', 'x')"),
        {"key": key},
    )
    if fail:
        raise ValueError(key)
    return threading.current_thread().name


def count(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM settings")).scalar_one())


async def test_service_runs_in_a_thread_and_is_committed(real: Bridge) -> None:
    assert (await real.write(put, "a")).startswith("test")
    assert await real.read(count) == 1


async def test_service_that_raises_leaves_nothing_behind(real: Bridge) -> None:
    with pytest.raises(ValueError, match="a"):
        await real.write(put, "a", fail=True)
    assert await real.read(count) == 0


async def test_calls_beyond_the_bound_are_refused_instead_of_queued(
    real: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_WAITING", 2)
    gate = threading.Event()

    def wait(_session: Session) -> bool:
        return gate.wait(5)

    waiting = [asyncio.create_task(real.read(wait)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(BridgeFullError, match="2 pieces of work"):
        await real.read(count)
    gate.set()
    assert await asyncio.gather(*waiting) == [True, True]
    assert await real.read(count) == 0


async def test_calls_write_in_turns_and_read_without(engine: Engine) -> None:
    writes, turns = write_sessions(engine), WriteTurns()
    bridge = Bridge(
        lambda: UnitOfWork(writes()), read_sessions(engine), threads=3, name="test", turn=turns.ordinary
    )
    at_once: list[int] = []
    running = 0

    def note(_uow: UnitOfWork) -> None:
        nonlocal running
        running += 1
        at_once.append(running)
        threading.Event().wait(0.01)
        running -= 1

    await asyncio.gather(*(bridge.write(note) for _ in range(6)))
    assert at_once == [1] * 6
    with turns.urgent():
        assert await bridge.read(count) == 0
    bridge.close()
