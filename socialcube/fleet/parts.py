"""What all bots of a runner share."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.adapters.base import AdapterFactory
from socialcube.domain.bots.ports import TokenOpener
from socialcube.domain.logs.ports import LogSink
from socialcube.fleet.beginnings import Beginning, Part
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.budgets import StartGate
from socialcube.fleet.gathering import Gathered
from socialcube.fleet.placement import Placements
from socialcube.fleet.published import Look, Published
from socialcube.fleet.reporting import StateReporter
from socialcube.fleet.sessions import SessionKeeper
from socialcube.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class FleetParts:
    """What all bots of a runner share.

    Attributes:
        runner_id: this process.
        bridge: to the database, for everything but leases.
        beginnings: reads what lives of shards begin with.
        published: reads what is published of bots.
        placements: says whether this runner owns a bot.
        reporter: takes what is seen of bots.
        sessions: keeps what the next runner goes on with.
        gate: admits session starts.
        make_adapter: makes the adapter of a bot's platform.
        opener: opens tokens.
        sink: takes log records.
        clock: of the process.
    """

    runner_id: UUID
    bridge: Bridge
    beginnings: Gathered[Part, Beginning | None]
    published: Gathered[Look, Published]
    placements: Placements
    reporter: StateReporter
    sessions: SessionKeeper
    gate: StartGate
    make_adapter: AdapterFactory
    opener: TokenOpener
    sink: LogSink
    clock: Clock
