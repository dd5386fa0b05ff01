import asyncio

import pytest

from socialcube.domain.placements.errors import LeaseLostError
from socialcube.fleet.exit_codes import ExitCode
from socialcube.fleet.heartbeat import LoopStalledError
from socialcube.fleet.main import _exit_code


async def ended(error: Exception | None) -> asyncio.Task[None]:
    async def work() -> None:
        if error is not None:
            raise error

    task = asyncio.create_task(work(), name="work")
    await asyncio.wait({task})
    return task


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LoopStalledError(seconds=60.0), ExitCode.LOOP_STALLED),
        (LeaseLostError(), ExitCode.DECLARED_DEAD),
        (ValueError("boom"), ExitCode.TASK_DIED),
        (None, ExitCode.TASK_DIED),
    ],
)
async def test_task_that_ends_ends_the_runner_with_a_named_code(
    error: Exception | None, code: ExitCode, caplog: pytest.LogCaptureFixture
) -> None:
    assert _exit_code([await ended(error)]) is code
    assert "The task “work” ended" in caplog.text


async def test_runner_that_was_asked_to_stop_ends_well() -> None:
    running = asyncio.create_task(asyncio.sleep(60))
    assert _exit_code([running]) is ExitCode.OK
    running.cancel()


def test_exit_codes_are_distinct_and_no_shell_codes() -> None:
    codes = [code.value for code in ExitCode]
    assert len(codes) == len(set(codes))
    assert all(code == 0 or 64 <= code <= 78 for code in codes)
