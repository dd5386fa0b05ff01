import asyncio

from socialcube.domain.commands.types import Invocation
from socialcube.engine.ports import Responder
from socialcube.fleet.dispatch import MAX_OPEN, Dispatcher
from tests.factories.commands import make_invocation
from tests.fakes.engine import FakeResponder, settle


class Scene:
    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.ran: list[str] = []
        self.failed: list[tuple[str, Exception]] = []
        self.dropped: list[str] = []
        self.dispatcher = Dispatcher(
            self.run,
            failed=lambda invocation, error: self.failed.append((invocation.command_name, error)),
            dropped=lambda invocation: self.dropped.append(invocation.command_name),
        )

    async def run(self, invocation: Invocation, responder: Responder) -> None:
        del responder
        if invocation.command_name == "broken":
            raise ValueError("boom")
        await self.gate.wait()
        self.ran.append(invocation.command_name)

    def invoke(self, name: str) -> None:
        self.dispatcher.invoked(make_invocation(command_name=name), FakeResponder())


async def test_slow_command_keeps_no_other_waiting() -> None:
    scene = Scene()
    for name in ("a", "b", "c"):
        scene.invoke(name)
    await settle()
    scene.gate.set()
    await scene.dispatcher.drain(1)
    assert sorted(scene.ran) == ["a", "b", "c"]


async def test_run_that_breaks_is_reported_and_nothing_else_happens() -> None:
    scene = Scene()
    scene.invoke("broken")
    scene.invoke("fine")
    scene.gate.set()
    await scene.dispatcher.drain(1)
    [(name, error)] = scene.failed
    assert (name, str(error)) == ("broken", "boom")
    assert scene.ran == ["fine"]


async def test_flood_is_dropped_beyond_a_hundred_and_reported() -> None:
    scene = Scene()
    for number in range(MAX_OPEN + 5):
        scene.invoke(str(number))
    assert scene.dropped == [str(MAX_OPEN + number) for number in range(5)]
    scene.gate.set()
    await scene.dispatcher.drain(1)
    assert len(scene.ran) == MAX_OPEN


async def test_drained_dispatcher_takes_nothing_more() -> None:
    scene = Scene()
    await scene.dispatcher.drain(0)
    scene.invoke("late")
    assert scene.dropped == ["late"]


async def test_run_that_outlasts_the_drain_is_cancelled() -> None:
    scene = Scene()
    scene.invoke("slow")
    await settle()
    await scene.dispatcher.drain(0)
    assert scene.ran == []
    assert scene.dispatcher._open == set()
