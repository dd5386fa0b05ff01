"""Workers tell of a bot, and die or meet trouble on the way. News come once, or are reported."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

import config
from socialcube.domain.alerts.models import AlertMessage
from socialcube.domain.alerts.types import ChannelKind, MessageState
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason
from socialcube.infra.address_sealer import DerivedAddressSealer
from socialcube.kernel.secrets import Secret
from socialcube.worker.runtime import Runtime
from socialcube.worker.tasks.alerts import Told, watch_bots
from tests.factories.alerts import TOKEN, store_channel
from tests.factories.bots import make_bot
from tests.support.installation import PROJECT, Installation
from tests.support.mail_server import mail_server
from tests.support.webhook_server import WebhookServer, webhook_server

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]

TURN = """
import config
from socialcube.worker.runtime import Runtime
from socialcube.worker.tasks.alerts import watch_bots
watch_bots(Runtime(config.load_settings()))
"""
"""The same in a process of its own, which can be killed."""

HELD = {
    "process": ProcessState.HELD,
    "gateway": GatewayState.DISCONNECTED,
    "reason": Reason.TOKEN_INVALID,
    "held_generation": 1,
}
_PATIENCE_SECONDS = 60.0


@pytest.fixture
def discord() -> Iterator[WebhookServer]:
    with webhook_server() as server:
        yield server


@pytest.fixture
def installation(tmp_path: Path, discord: WebhookServer) -> Iterator[Installation]:
    with Installation(tmp_path, f"sqlite:///{tmp_path}/socialcube.db", discord.base_url) as made:
        with made.unit() as uow:
            make_bot(uow.session, name="Fern", desired_state=DesiredState.RUNNING, state=HELD)
            uow.commit()
        yield made


def add_channel(installation: Installation, target: str, kind: ChannelKind = ChannelKind.DISCORD) -> None:
    sealer = DerivedAddressSealer([Secret(installation.environment["SECRET_KEY"])])
    with installation.unit() as uow:
        store_channel(uow.session, sealer, target=target, kind=kind)
        uow.commit()


def turn(installation: Installation, **environment: str) -> Told:
    """Do one turn, as a worker does when the clock asks."""
    runtime = Runtime(config.load_settings(installation.environment | environment))
    runtime.start()
    told = watch_bots(runtime)
    runtime.close()
    return told


def states(installation: Installation) -> list[str]:
    with installation.reading() as session:
        return list(session.scalars(select(AlertMessage.state)))


def let_time_pass(installation: Installation) -> None:
    """Make every pause and every claim ten minutes older."""
    early = timedelta(minutes=10)
    with installation.unit() as uow:
        for row in uow.session.execute(
            select(AlertMessage.id, AlertMessage.due_at, AlertMessage.claimed_at)
        ).all():
            uow.session.execute(
                update(AlertMessage)
                .where(AlertMessage.id == row.id)
                .values(due_at=row.due_at - early, claimed_at=row.claimed_at and row.claimed_at - early)
            )
        uow.commit()


def test_a_worker_killed_while_it_sends_leaves_a_report_and_no_second_message(
    installation: Installation, discord: WebhookServer
) -> None:
    add_channel(installation, discord.webhook(TOKEN))
    discord.stalls = threading.Event()
    worker = subprocess.Popen([sys.executable, "-c", TURN], cwd=PROJECT, env=installation.environment)
    assert discord.arrived.wait(_PATIENCE_SECONDS)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    discord.stalls.set()
    assert states(installation) == [MessageState.SENDING]
    assert turn(installation) == Told()
    let_time_pass(installation)
    assert turn(installation) == Told(lost=1)
    assert states(installation) == [MessageState.UNKNOWN]
    assert len(discord.seen) == 1


def test_a_discord_and_a_mail_server_in_trouble_are_told_later_once(
    installation: Installation, discord: WebhookServer
) -> None:
    add_channel(installation, discord.webhook(TOKEN))
    add_channel(installation, "ops@example.org", ChannelKind.MAIL)
    discord.status = 503
    mail = {"MAIL_FROM": "cube@example.org", "SMTP_URL": "smtp://127.0.0.1:1"}
    assert turn(installation, **mail) == Told(delayed=2)
    discord.status = 200
    let_time_pass(installation)
    with mail_server() as server:
        mail["SMTP_URL"] = server.url
        assert turn(installation, **mail) == Told(sent=2)
        let_time_pass(installation)
        assert turn(installation, **mail) == Told()
        assert [message["Subject"] for message in server.mails] == ["[Social Cube] Fern needs you"]
    assert discord.titles == ["Fern needs you", "Fern needs you"]
    assert states(installation) == [MessageState.SENT, MessageState.SENT]
