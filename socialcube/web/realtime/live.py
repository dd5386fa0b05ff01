"""All parts of the live channel in one process: which loop runs how often, and which hint wakes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from socialcube.bootstrap.services import Services
from socialcube.domain.logs.types import Stream
from socialcube.infra.control_bus import ControlMessage, Topic
from socialcube.web.realtime import bots_feed, figures_feed, jobs_feed
from socialcube.web.realtime.bot_states import BotStates
from socialcube.web.realtime.bots_feed import BotsFeed
from socialcube.web.realtime.figures_feed import FiguresFeed
from socialcube.web.realtime.gate import DatabaseStandings, Gate
from socialcube.web.realtime.hints import Ears
from socialcube.web.realtime.hub import Hub
from socialcube.web.realtime.jobs_feed import JobsFeed
from socialcube.web.realtime.repeater import Repeater
from socialcube.web.realtime.rows_feed import RowsFeed
from socialcube.web.realtime.sender import Sender
from socialcube.web.realtime.source import BotNames, DatabaseRows
from socialcube.web.realtime.tailer import Tailer
from socialcube.web.shell.choice import chosen_bots

if TYPE_CHECKING:
    from socialcube.web.realtime.feeds import Feed

TAIL_SECONDS: Final = 1.0
"""How late a row may come when no hint does."""

BATCH_SECONDS: Final = 0.05
"""Rows of so much time share a message."""

_Wakers = Mapping[Topic, Callable[[ControlMessage], None]]

GATE_SECONDS: Final = 1.0
GATE_GAP_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class LiveChannel:
    """The hub and the loops that feed it."""

    hub: Hub
    loops: tuple[Repeater, ...]
    ears: Ears

    def start(self) -> None:
        """Start the threads. Only after the last fork."""
        for loop in self.loops:
            loop.start()
        self.ears.start()

    def stop(self) -> None:
        """Ask the threads to end. None of them holds anything that must be saved."""
        self.ears.stop()
        for loop in self.loops:
            loop.stop()


def build(
    services: Services,
    sender: Sender,
    disconnect: Callable[[str], None],
    hear: _Wakers | None = None,
) -> LiveChannel:
    """Compose the channel. Nothing runs before `start`.

    Args:
        services: of this process.
        sender: reaches its sockets.
        disconnect: ends one of them without waiting for it.
        hear: who else in this process wants to hear of something.
    """
    tailers = _make_tailers(services, sender)
    states = BotStates(
        services.reads, now=services.clock.now, lease_seconds=services.settings.fleet.lease_seconds
    )
    bots = BotsFeed(states.read, sender)
    jobs = JobsFeed(services.reads, sender)
    figures = FiguresFeed(sender)
    rows = RowsFeed(tailers, partial(_find_chosen, services))
    feeds: dict[str, Feed] = {"rows": rows, "bots": bots, "job": jobs, "figures": figures}
    hub = Hub(feeds, sender, disconnect=disconnect)
    gate = Gate(
        hub.viewers,
        DatabaseStandings(services.reads, services.clock.now),
        on_ended=hub.expel,
        on_changed=hub.renew,
    )
    loops = _Loops(
        tails={
            stream: Repeater(f"live rows of {stream}", tailer.step, every=TAIL_SECONDS, gap=BATCH_SECONDS)
            for stream, tailer in tailers.items()
        },
        gate=Repeater("live gate", gate.step, every=GATE_SECONDS, gap=GATE_GAP_SECONDS),
        bots=Repeater("live bots", bots.step, every=bots_feed.EVERY_SECONDS, gap=bots_feed.GAP_SECONDS),
        jobs=Repeater("live jobs", jobs.step, every=jobs_feed.EVERY_SECONDS, gap=jobs_feed.GAP_SECONDS),
        figures=Repeater(
            "live figures", figures.step, every=figures_feed.EVERY_SECONDS, gap=figures_feed.GAP_SECONDS
        ),
    )
    return LiveChannel(hub, loops.every, Ears(services.bus, _add(_wake(loops), hear or {})))


def _make_tailers(services: Services, sender: Sender) -> dict[Stream, Tailer]:
    names = BotNames(services.reads, services.clock.monotonic)
    return {
        stream: Tailer(
            stream,
            DatabaseRows(services.reads, stream),
            sender,
            name_of=names.name_of,
            clock=services.clock,
        )
        for stream in Stream
    }


def _find_chosen(services: Services, key: str) -> frozenset[UUID] | None:
    with services.reads() as session:
        return chosen_bots(session, key)


def _add(wake: _Wakers, hear: _Wakers) -> _Wakers:
    """Let both hear of what both want to hear of."""

    def call_both(message: ControlMessage) -> None:
        for wakers in (wake, hear):
            if message.topic in wakers:
                wakers[message.topic](message)

    return dict.fromkeys([*wake, *hear], call_both)


@dataclass(frozen=True, slots=True)
class _Loops:
    tails: Mapping[Stream, Repeater]
    gate: Repeater
    bots: Repeater
    jobs: Repeater
    figures: Repeater

    @property
    def every(self) -> tuple[Repeater, ...]:
        return (*self.tails.values(), self.gate, self.bots, self.jobs, self.figures)


def _wake(loops: _Loops) -> _Wakers:
    """Say which loops a hint wakes."""

    def on_rows(message: ControlMessage) -> None:
        tail = loops.tails.get(Stream(message.subject)) if message.subject in set(Stream) else None
        if tail is not None:
            tail.hint()
            loops.figures.hint()

    def on_bots(_: ControlMessage) -> None:
        loops.bots.hint()
        loops.figures.hint()

    return {
        Topic.LOGS_COMMITTED: on_rows,
        Topic.BOTS_CHANGED: on_bots,
        Topic.STATES_CHANGED: on_bots,
        Topic.JOBS_CHANGED: lambda _: loops.jobs.hint(),
        Topic.ACCESS_CHANGED: lambda _: loops.gate.hint(),
        Topic.SESSIONS_ENDED: lambda _: loops.gate.hint(),
    }
