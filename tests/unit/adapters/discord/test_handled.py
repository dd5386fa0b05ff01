import asyncio

from hypothesis import given
from hypothesis import strategies as st

from socialcube.adapters.discord.handled import HandledSequence
from tests.fakes.engine import settle


def test_events_count_as_handled_up_to_the_first_that_is_not() -> None:
    handled = HandledSequence()
    for sequence in (1, 2, 3, 4):
        handled.begin(sequence)
    handled.finish(1)
    handled.finish(3)
    assert handled.value == 1
    handled.finish(2)
    assert handled.value == 3
    handled.finish(4)
    assert handled.value == 4


def test_what_another_process_handled_counts() -> None:
    handled = HandledSequence(40)
    assert handled.value == 40
    handled.begin(41)
    assert handled.value == 40
    handled.finish(41)
    assert handled.value == 41


def test_event_that_came_twice_is_handled_once_both_are() -> None:
    handled = HandledSequence()
    handled.begin(7)
    handled.begin(7)
    handled.finish(7)
    assert handled.value == 6
    handled.finish(7)
    assert handled.value == 7


async def test_use_of_a_command_is_handled_when_its_run_ends_even_when_it_breaks() -> None:
    handled, gate = HandledSequence(), asyncio.Event()

    async def work() -> None:
        await gate.wait()
        raise ValueError("boom")

    run = asyncio.create_task(work())
    handled.follow(5, run)
    handled.follow(6, None)
    assert handled.value == 4
    gate.set()
    await asyncio.gather(run, return_exceptions=True)
    await settle()
    assert handled.value == 6


async def test_use_of_a_command_whose_run_was_cancelled_is_left_to_the_next_process() -> None:
    handled = HandledSequence()
    run: asyncio.Task[None] = asyncio.create_task(asyncio.sleep(3600))
    handled.follow(5, run)
    handled.follow(6, None)
    await settle()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await settle()
    assert handled.value == 4


@given(st.permutations(range(1, 9)), st.integers(0, 8))
def test_no_event_that_is_not_done_lies_below_the_value(order: list[int], done: int) -> None:
    handled = HandledSequence()
    for sequence in range(1, 9):
        handled.begin(sequence)
    for sequence in order[:done]:
        handled.finish(sequence)
    left = set(order[done:])
    assert handled.value == (min(left) - 1 if left else 8)
