"""Turns the facts of a committed change into hints for the processes that act on them."""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from socialcube.domain.accounts.events import AccessChanged, SessionEnded
from socialcube.domain.api_keys.events import ApiKeyChanged
from socialcube.domain.bots.events import (
    BotCreated,
    BotDeleted,
    BotDesiredStateChanged,
    BotEdited,
    BotHeld,
    BotObserved,
    BotPresenceChanged,
    BotTokenReplaced,
)
from socialcube.domain.commands.events import CommandPublished, CommandsCompared
from socialcube.domain.guilds.events import BotGuildsChanged, GuildSettingsChanged
from socialcube.domain.jobs.events import JobAsked, JobEnded, JobProgressed
from socialcube.domain.jobs.types import FLEET, WORKER
from socialcube.domain.placements.events import ShardsFreed
from socialcube.infra.control_bus import ControlBus, ControlMessage, Topic
from socialcube.kernel.events import Event

JobSender = Callable[[UUID, str], object]
"""Sends a job's id and kind to the workers. It never raises."""


class HintPublisher:
    """Publishes on the control bus, and sends workers their jobs.

    Args:
        bus: carries the hints.
        send_job: how this process reaches the workers. None where it does not: the workers' beat
            then sends such a job from its row.
    """

    def __init__(self, bus: ControlBus, send_job: JobSender | None = None) -> None:
        self._bus = bus
        self._send_job = send_job

    def publish(self, events: Iterable[Event]) -> None:
        """Send each hint once. Nothing raises: bus and sender give up quietly and quickly."""
        events = list(events)
        # A runner that takes over tells of hundreds of bots at a time.
        self._bus.publish(*dict.fromkeys(_messages(events)))
        if self._send_job is None:
            return
        for event in events:
            if isinstance(event, JobAsked) and event.target == WORKER:
                self._send_job(event.job_id, event.kind)


def _messages(events: Iterable[Event]) -> Iterator[ControlMessage]:
    for event in events:
        message = _about_a_bot(event) or _about_work_and_people(event)
        if message is not None:
            yield message


def _about_a_bot(event: Event) -> ControlMessage | None:
    match event:
        case (
            BotCreated()
            | BotEdited()
            | BotPresenceChanged()
            | BotDesiredStateChanged()
            | BotHeld()
            | BotTokenReplaced()
            | BotDeleted()
        ):
            return ControlMessage(Topic.BOTS_CHANGED, str(event.bot_id))
        case ShardsFreed():
            # No single bot's: every runner looks whether something is there for it to claim.
            return ControlMessage(Topic.BOTS_CHANGED, FLEET)
        case CommandPublished():
            return ControlMessage(Topic.COMMANDS_CHANGED, str(event.bot_id))
        case GuildSettingsChanged():
            return ControlMessage(Topic.GUILDS_CHANGED, str(event.bot_id))
        case BotObserved() | BotGuildsChanged() | CommandsCompared():
            return ControlMessage(Topic.STATES_CHANGED, str(event.bot_id))
        case _:
            return None


def _about_work_and_people(event: Event) -> ControlMessage | None:
    match event:
        case JobAsked() if event.target != WORKER:
            return ControlMessage(Topic.JOBS_ASKED, event.target, str(event.job_id))
        case JobProgressed() | JobEnded():
            return ControlMessage(Topic.JOBS_CHANGED, str(event.job_id))
        case SessionEnded():
            return ControlMessage(Topic.SESSIONS_ENDED, str(event.session_id))
        case AccessChanged():
            return ControlMessage(Topic.ACCESS_CHANGED, str(event.user_id))
        case ApiKeyChanged():
            return ControlMessage(Topic.KEYS_CHANGED, event.public_id)
        case _:
            return None
