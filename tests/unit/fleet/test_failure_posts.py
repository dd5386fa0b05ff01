import pytest

from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.domain.commands.run import RunReport
from socialcube.domain.commands.types import Invocation
from socialcube.domain.logs.types import BotLogRecord, Outcome
from socialcube.domain.placements.types import Lease
from socialcube.engine.ports import Message
from socialcube.engine.trace import RunError
from socialcube.fleet.failure_posts import QUIET_SECONDS, FailurePoster
from socialcube.fleet.status import BotStatus
from socialcube.kernel.ids import new_id
from tests.factories.commands import make_invocation
from tests.fakes.clock import FakeClock
from tests.fakes.engine import settle
from tests.fakes.logs import FakeSink

CHANNEL = 41


class Scene:
    """A poster whose channel the test holds."""

    def __init__(self, clock: FakeClock, sink: FakeSink) -> None:
        lease = Lease(bot_id=new_id(), shard=0, epoch=1)
        status = BotStatus(lease, new_id(), clock=clock, sink=sink, report=lambda _: None)
        self.clock, self.sink = clock, sink
        self.poster = FailurePoster(status, clock)
        self.posts: list[tuple[int, str, str]] = []
        self.refusal: Exception | None = None
        self.poster.use(self.post)

    async def post(self, channel_id: int, message: Message, name: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.posts.append((channel_id, message.content, name))

    async def note(
        self,
        command: str = "hello",
        *,
        code: str = "not_a_number",
        channel_id: int | None = CHANNEL,
        is_fault: bool = True,
    ) -> Invocation:
        invocation = make_invocation(command_name=command)
        error = RunError(code=code, message="abc\nis no number", remedy="", path="steps[0]")
        self.poster.note(invocation, RunReport(Outcome.FAILED, 1.0, error, is_fault), channel_id)
        await settle()
        return invocation

    def kinds(self) -> list[str]:
        return [record.kind for record in self.sink.of(BotLogRecord)]


@pytest.fixture
def scene(clock: FakeClock, sink: FakeSink) -> Scene:
    return Scene(clock, sink)


async def test_a_failure_is_told_with_its_place_and_the_reference_of_the_person(scene: Scene) -> None:
    invocation = await scene.note()
    key = invocation.event_id.hex
    text = f"**/hello** failed at `steps[0]`: abc is no number\nReference {key[-8:]}."
    # Discord takes a nonce of 25 characters at most.
    assert scene.posts == [(CHANNEL, text, key[:25])]


async def test_the_same_failure_is_told_once_a_minute_and_others_at_once(scene: Scene) -> None:
    for _ in range(3):
        await scene.note()
    await scene.note("other")
    await scene.note(code="another")
    await scene.note(channel_id=42)
    assert len(scene.posts) == 4
    scene.clock.advance(QUIET_SECONDS)
    await scene.note()
    assert len(scene.posts) == 5


async def test_nothing_is_told_where_nobody_asked_or_nobody_is_to_blame(scene: Scene) -> None:
    await scene.note(channel_id=None)
    await scene.note(is_fault=False)
    scene.poster.note(make_invocation(), RunReport(Outcome.SUCCEEDED, 1.0), CHANNEL)
    assert scene.posts == []


async def test_a_flood_of_different_failures_is_bounded(scene: Scene) -> None:
    for number in range(30):
        scene.poster.note(
            make_invocation(),
            RunReport(
                Outcome.FAILED,
                1.0,
                RunError(code=str(number), message="x", remedy="", path=""),
                is_fault=True,
            ),
            CHANNEL,
        )
    await settle()
    assert len(scene.posts) == 10
    for number in range(600):
        await scene.note(code=f"code {number}")
    assert len(scene.posts) < 510
    scene.clock.advance(QUIET_SECONDS)
    await scene.note(code="new")
    assert scene.posts[-1][0] == CHANNEL
    assert len(scene.poster._told) <= 500


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (CallRefusedError(status=403, api_code=50001, reason="Missing Access"), "log_channel_refused"),
        (PlatformUnreachableError(reason="x"), "log_channel_waiting"),
    ],
)
async def test_a_channel_that_takes_nothing_is_told_in_the_log(
    scene: Scene, refusal: Exception, kind: str
) -> None:
    scene.refusal = refusal
    await scene.note()
    assert scene.kinds() == [kind]
