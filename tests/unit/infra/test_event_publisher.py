from typing import TYPE_CHECKING

import pytest

from socialcube.domain.accounts.events import AccessChanged, SessionEnded
from socialcube.domain.api_keys.events import ApiKeyChanged
from socialcube.domain.bots.events import (
    BotCreated,
    BotDeleted,
    BotDesiredStateChanged,
    BotEdited,
    BotHeld,
    BotObserved,
    BotTokenReplaced,
)
from socialcube.domain.commands.events import CommandPublished
from socialcube.domain.guilds.events import BotGuildsChanged, GuildSettingsChanged
from socialcube.domain.jobs.events import JobAsked, JobEnded, JobProgressed
from socialcube.domain.jobs.types import FLEET, WORKER, JobKind, fleet_target
from socialcube.domain.placements.events import ShardsFreed
from socialcube.infra.control_bus import ControlBus, ControlMessage, Topic
from socialcube.infra.event_publisher import HintPublisher
from socialcube.kernel.events import Event
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret

if TYPE_CHECKING:
    from uuid import UUID

BOT, JOB, COMMAND = new_id(), new_id(), new_id()


class RecordingBus(ControlBus):
    """Keeps what would travel."""

    def __init__(self) -> None:
        super().__init__(Secret("redis://nowhere.invalid"), namespace="test")
        self.sent: list[ControlMessage] = []

    def publish(self, *messages: ControlMessage) -> bool:
        self.sent.extend(messages)
        return True


def publish(*events: Event) -> list[ControlMessage]:
    bus = RecordingBus()
    HintPublisher(bus).publish(events)
    return bus.sent


@pytest.mark.parametrize(
    "kind", [BotCreated, BotDeleted, BotEdited, BotHeld, BotDesiredStateChanged, BotTokenReplaced]
)
def test_a_changed_bot_is_hinted_to_the_fleet(kind: type[BotCreated]) -> None:
    assert publish(kind(BOT)) == [ControlMessage(Topic.BOTS_CHANGED, str(BOT))]


def test_a_published_command_is_hinted_under_its_bot() -> None:
    assert publish(CommandPublished(BOT, COMMAND)) == [ControlMessage(Topic.COMMANDS_CHANGED, str(BOT))]


def test_settings_of_servers_are_hinted_under_their_bot() -> None:
    assert publish(GuildSettingsChanged(BOT)) == [ControlMessage(Topic.GUILDS_CHANGED, str(BOT))]


def test_servers_that_were_stored_are_hinted_to_open_pages() -> None:
    assert publish(BotGuildsChanged(BOT)) == [ControlMessage(Topic.STATES_CHANGED, str(BOT))]


def test_freed_shards_are_hinted_to_every_runner_once() -> None:
    assert publish(ShardsFreed(), ShardsFreed()) == [ControlMessage(Topic.BOTS_CHANGED, FLEET)]


def test_equal_hints_of_one_change_travel_once() -> None:
    events = [CommandPublished(BOT, new_id()) for _ in range(3)]
    assert len(publish(*events)) == 1


def test_a_job_for_a_runner_is_hinted_with_its_target() -> None:
    target = fleet_target(BOT)
    sent = publish(JobAsked(JOB, target, JobKind.COMMAND_PLAN))
    assert sent == [ControlMessage(Topic.JOBS_ASKED, target, str(JOB))]


def test_a_job_for_the_workers_goes_to_their_queue_only() -> None:
    sent: list[tuple[UUID, str]] = []
    bus = RecordingBus()
    publisher = HintPublisher(bus, lambda job_id, kind: sent.append((job_id, kind)))
    publisher.publish([JobAsked(JOB, WORKER, JobKind.DRY_RUN)])
    assert sent == [(JOB, JobKind.DRY_RUN)]
    assert bus.sent == []


@pytest.mark.parametrize("kind", [JobProgressed, JobEnded])
def test_a_job_that_goes_on_is_hinted_to_those_who_watch_it(kind: type[JobEnded]) -> None:
    assert publish(kind(JOB)) == [ControlMessage(Topic.JOBS_CHANGED, str(JOB))]


def test_what_was_seen_of_a_bot_is_hinted_apart_from_what_is_wanted_of_it() -> None:
    assert publish(BotObserved(BOT)) == [ControlMessage(Topic.STATES_CHANGED, str(BOT))]


def test_the_end_of_a_session_is_hinted_by_its_id_and_new_rights_by_the_persons() -> None:
    session_id, user_id = new_id(), new_id()
    assert publish(SessionEnded(session_id, user_id), AccessChanged(user_id)) == [
        ControlMessage(Topic.SESSIONS_ENDED, str(session_id)),
        ControlMessage(Topic.ACCESS_CHANGED, str(user_id)),
    ]


def test_a_changed_key_is_hinted_by_the_part_that_may_be_seen() -> None:
    assert publish(ApiKeyChanged("0123abcD")) == [ControlMessage(Topic.KEYS_CHANGED, "0123abcD")]


def test_what_nobody_waits_for_travels_nowhere() -> None:
    assert publish(JobAsked(JOB, WORKER, JobKind.RETENTION)) == []
