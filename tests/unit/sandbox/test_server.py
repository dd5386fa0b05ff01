import asyncio

import pytest

from socialcube.sandbox import server


async def fail() -> None:
    raise ValueError("broken")


async def test_dead_loop_ends_the_process(caplog: pytest.LogCaptureFixture) -> None:
    task = asyncio.create_task(fail())
    await asyncio.wait({task})

    with pytest.raises(SystemExit, match="70"):
        server._end_if_dead(task)
    assert "loop of the sandbox died" in caplog.text


async def test_cancelled_loop_ends_nothing() -> None:
    task = asyncio.create_task(asyncio.sleep(60))
    task.cancel()
    await asyncio.wait({task})

    server._end_if_dead(task)
    assert task.cancelled()
