"""What a turn of the worker tells, when channels do what channels do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from socialcube.domain.access.types import Actor
from socialcube.domain.alerts import queries
from socialcube.domain.alerts import service as alerts
from socialcube.domain.alerts.errors import ChannelGoneError, SendLaterError, SendRefusedError
from socialcube.domain.alerts.models import AlertChannel, AlertMessage
from socialcube.domain.alerts.types import ChannelKind, MessageState
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobState, JobView
from socialcube.infra.address_sealer import DerivedAddressSealer
from socialcube.kernel.secrets import Secret
from socialcube.worker.tasks.alerts import Told, seal_anew, tell, watch_bots
from socialcube.worker.tasks.jobs import run_job
from tests.factories.alerts import STORED_WEBHOOK, store_channel
from tests.factories.bots import make_bot
from tests.fakes.clock import FakeClock
from tests.unit.worker.conftest import Worker

HELD = {
    "process": ProcessState.HELD,
    "gateway": GatewayState.DISCONNECTED,
    "reason": Reason.TOKEN_INVALID,
    "held_generation": 1,
}


@pytest.fixture
def clock(worker: Worker) -> FakeClock:
    clock = FakeClock()
    made = worker.runtime.services
    worker.runtime.__dict__["services"] = replace(made, shared=replace(made.shared, clock=clock))
    return clock


def furnish(worker: Worker, **changes: Any) -> tuple[UUID, UUID]:
    """Store a bot that needs somebody, and a channel. Gives both keys."""
    with worker.unit() as uow:
        bot = make_bot(uow.session, name="Fern", desired_state=DesiredState.RUNNING, state=HELD)
        channel = store_channel(uow.session, worker.runtime.services.addresses, **changes)
        uow.commit()
        return bot.id, channel.id


def states(worker: Worker) -> list[str]:
    with worker.unit() as uow:
        return list(uow.session.scalars(select(AlertMessage.state)))


def test_a_turn_tells_what_is_wrong_and_the_next_says_nothing(worker: Worker, clock: FakeClock) -> None:
    bot_id, _ = furnish(worker)
    assert watch_bots(worker.runtime) == Told(sent=1)
    assert watch_bots(worker.runtime) == Told()
    ((target, notice),) = worker.messenger.sent
    assert (target, notice.title) == (STORED_WEBHOOK, "Fern needs you")
    assert notice.url == f"http://127.0.0.1:5000/admin/bots/{bot_id}/"
    assert notice.at == clock.now()


def test_a_channel_that_cannot_be_reached_is_told_later_once(worker: Worker, clock: FakeClock) -> None:
    furnish(worker)
    worker.messenger.failures = [SendLaterError(reason="it stalls."), SendLaterError(reason="500.")]
    assert watch_bots(worker.runtime) == Told(delayed=1)
    assert watch_bots(worker.runtime) == Told()
    clock.advance(15)
    assert watch_bots(worker.runtime) == Told(delayed=1)
    clock.advance(30)
    assert watch_bots(worker.runtime) == Told(sent=1)
    clock.advance(3600)
    assert watch_bots(worker.runtime) == Told()
    assert worker.messenger.titles == ["Fern needs you"]


def test_a_pause_that_the_other_side_asks_for_is_kept(worker: Worker, clock: FakeClock) -> None:
    furnish(worker)
    worker.messenger.failures = [SendLaterError(reason="429.", wait=timedelta(seconds=90))]
    watch_bots(worker.runtime)
    clock.advance(89)
    assert tell(worker.runtime) == Told()
    clock.advance(1)
    assert tell(worker.runtime) == Told(sent=1)


@pytest.mark.usefixtures("clock")
def test_a_webhook_that_is_gone_is_never_used_again(worker: Worker) -> None:
    _, channel_id = furnish(worker)
    worker.messenger.failures = [ChannelGoneError(reason="Discord says 404.")]
    assert watch_bots(worker.runtime) == Told(failed=1)
    with worker.unit() as uow:
        make_bot(uow.session, name="Moss", desired_state=DesiredState.RUNNING, state=HELD)
        channel = queries.get_channel(uow.session, channel_id)
        uow.commit()
    assert (channel.is_on, channel.problem) == (False, "Discord says 404.")
    assert watch_bots(worker.runtime) == Told()
    assert worker.messenger.sent == []


@pytest.mark.usefixtures("clock")
def test_a_refused_message_leaves_its_channel_on(worker: Worker) -> None:
    _, channel_id = furnish(worker)
    worker.messenger.failures = [SendRefusedError(reason="400.")]
    assert watch_bots(worker.runtime) == Told(failed=1)
    with worker.unit() as uow:
        channel = queries.get_channel(uow.session, channel_id)
    assert (channel.is_on, channel.problem) == (True, "The message was refused: 400.")


def test_a_worker_that_dies_between_taking_and_sending_is_reported(worker: Worker, clock: FakeClock) -> None:
    furnish(worker)
    worker.messenger.failures = [SystemExit()]
    with pytest.raises(SystemExit):
        watch_bots(worker.runtime)
    assert states(worker) == [MessageState.SENDING]
    clock.advance(151)
    assert watch_bots(worker.runtime) == Told(lost=1)
    clock.advance(3600)
    assert watch_bots(worker.runtime) == Told()
    assert worker.messenger.sent == []
    assert states(worker) == [MessageState.UNKNOWN]


@pytest.mark.usefixtures("clock")
def test_a_channel_that_fails_harms_no_other(worker: Worker) -> None:
    furnish(worker, name="A")
    with worker.unit() as uow:
        store_channel(uow.session, worker.runtime.services.addresses, name="B")
        uow.commit()
    worker.messenger.failures = [SendLaterError(reason="it stalls.")]
    assert watch_bots(worker.runtime) == Told(sent=1, delayed=1)


def test_a_turn_ends_in_time_and_the_next_goes_on(worker: Worker, clock: FakeClock) -> None:
    furnish(worker, name="A")
    with worker.unit() as uow:
        store_channel(uow.session, worker.runtime.services.addresses, name="B")
        uow.commit()
    worker.messenger.before = lambda: clock.advance(26)
    assert watch_bots(worker.runtime) == Told(sent=1)
    assert watch_bots(worker.runtime) == Told(sent=1)


@pytest.mark.usefixtures("clock")
def test_addresses_move_to_the_newest_key(worker: Worker) -> None:
    newest = worker.runtime.services.addresses
    before = DerivedAddressSealer([Secret("o" * 32)])
    both = DerivedAddressSealer([*worker.runtime.settings.secret_keys, Secret("o" * 32)])
    _, channel_id = furnish(worker)
    with worker.unit() as uow:
        sealed = before.seal(Secret(STORED_WEBHOOK), channel_id=channel_id)
        uow.session.execute(update(AlertChannel).values(sealed_address=sealed))
        uow.commit()
    worker.runtime.__dict__["services"] = replace(worker.runtime.services, addresses=both)
    assert seal_anew(worker.runtime) == 1
    assert seal_anew(worker.runtime) == 0
    with worker.unit() as uow:
        found = queries.get_address(uow.session, channel_id)
    assert newest.open(found.sealed, channel_id=channel_id).reveal() == STORED_WEBHOOK


@pytest.mark.usefixtures("clock")
def test_an_address_that_cannot_be_opened_switches_its_channel_off(worker: Worker) -> None:
    _, channel_id = furnish(worker)
    with worker.unit() as uow:
        uow.session.execute(update(AlertChannel).values(sealed_address="sa1:00000000:AAAA"))
        uow.commit()
    assert watch_bots(worker.runtime) == Told(failed=1)
    with worker.unit() as uow:
        channel = queries.get_channel(uow.session, channel_id)
    assert not channel.is_on
    assert "SECRET_KEY" in channel.problem


def run_test_job(worker: Worker, channel_id: UUID) -> JobView:
    with worker.unit() as uow:
        job_id = alerts.ask_test(uow, Actor.system("tests"), channel_id)
        uow.commit()
    run_job(worker.runtime, job_id)
    with worker.unit() as uow:
        return jobs.get_job(uow.session, job_id)


@pytest.mark.parametrize(
    ("kind", "words"), [(ChannelKind.DISCORD, "Discord took"), (ChannelKind.MAIL, "The mail server took")]
)
def test_a_test_is_answered_in_words(worker: Worker, kind: ChannelKind, words: str) -> None:
    _, channel_id = furnish(worker, kind=kind, is_on=False)
    job = run_test_job(worker, channel_id)
    assert job.state is JobState.DONE
    assert str((job.result or {})["answer"]).startswith(words)
    assert worker.messenger.titles == ["Alerts arrive here"]


def test_a_test_that_fails_says_why_and_what_to_do(worker: Worker) -> None:
    _, channel_id = furnish(worker)
    worker.messenger.failures = [ChannelGoneError(reason="Discord says 404.")]
    job = run_test_job(worker, channel_id)
    assert job.state is JobState.FAILED
    assert job.problem.startswith("Discord says 404. Edit the channel")
