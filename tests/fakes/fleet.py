"""What all bots of a runner share, with every outside part in the test's hands."""

from pathlib import Path
from uuid import UUID

from socialcube.adapters.base import BotEvents, Launch
from socialcube.domain.bots.errors import TokenUnreadableError
from socialcube.fleet.beginnings import read_beginnings
from socialcube.fleet.budgets import StartGate
from socialcube.fleet.gathering import Gathered
from socialcube.fleet.parts import FleetParts
from socialcube.fleet.placement import Placements, RunnerIdentity
from socialcube.fleet.published import read_published
from socialcube.fleet.reporting import StateReporter
from socialcube.fleet.sessions import SessionKeeper
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import FleetSettings
from tests.fakes.adapter import FakeAdapter
from tests.fakes.bridge import DirectBridge
from tests.fakes.clock import FakeClock
from tests.fakes.logs import FakeSink


class FakeOpener:
    """Opens everything but what is called `foreign`."""

    def open(self, sealed: str, *, table: str, column: str, row_id: UUID, context: str = "") -> Secret:
        assert (table, column, bool(row_id), context) == ("bots", "sealed_token", True, "")
        if sealed == "foreign":
            raise TokenUnreadableError(reason="the key k9 is not here")
        return Secret("opened")


class Adapters:
    """Makes adapters and remembers them."""

    def __init__(self) -> None:
        self.made: list[FakeAdapter] = []

    def __call__(self, launch: Launch, events: BotEvents) -> FakeAdapter:
        self.made.append(FakeAdapter(launch, events))
        return self.made[-1]


def make_parts(
    bridge: DirectBridge, runner_id: UUID, settings: FleetSettings, clock: FakeClock, sink: FakeSink
) -> tuple[FleetParts, Adapters]:
    """Make the parts, and the list of adapters that they will make."""
    adapters = Adapters()
    identity = RunnerIdentity(runner_id, "here", Path("/nowhere/one.lock"))
    parts = FleetParts(
        runner_id=runner_id,
        bridge=bridge,
        beginnings=Gathered(lambda keys: bridge.read(read_beginnings, keys)),
        published=Gathered(lambda keys: bridge.read(read_published, keys)),
        placements=Placements(bridge, identity, settings, clock),
        reporter=StateReporter(bridge),
        sessions=SessionKeeper(bridge, runner_id, clock),
        gate=StartGate(bridge, starts_per_second=50),
        make_adapter=adapters,
        opener=FakeOpener(),
        sink=sink,
        clock=clock,
    )
    return parts, adapters
