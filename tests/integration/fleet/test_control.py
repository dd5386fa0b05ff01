"""What other processes ask of a runner: hints are heard at once, jobs are answered in their rows."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests

from socialcube.domain.access.types import Actor
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.types import ActivityKind, Presence, Status
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import JobState, JobView, fleet_target
from socialcube.infra.control_bus import ControlBus, ControlMessage, Topic
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import MARA
from tests.factories.pictures import make_png
from tests.support.installation import HELLO, Installation
from tests.support.valkey import RunningValkey

pytestmark = pytest.mark.processes

CHANNEL = 3004


@pytest.fixture
def valkey() -> Iterator[RunningValkey]:
    with RunningValkey() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, sandbox: RunningSandbox, valkey: RunningValkey) -> Iterator[Installation]:
    url = f"sqlite:///{tmp_path}/socialcube.db"
    with Installation(tmp_path, url, sandbox.api_base_url, valkey.url.reveal()) as installation:
        yield installation


@pytest.fixture
def bus(valkey: RunningValkey) -> Iterator[ControlBus]:
    bus = ControlBus(valkey.url, namespace="socialcube")
    yield bus
    bus.close()


@pytest.fixture
def bot_id(house: Installation, sandbox: RunningSandbox) -> UUID:
    """Give our key of a bot that is online and synchronised."""
    bot_id = house.add_bot(sandbox.control.bots()["Greenhouse"], HELLO)
    house.start_runner(BOT_RECONCILE_SECONDS="60")
    house.wait(lambda: house.view(bot_id).state.commands_synced_at, "the bot is online")
    return bot_id


def test_published_command_is_offered_as_soon_as_a_hint_tells_of_it(
    house: Installation, sandbox: RunningSandbox, bus: ControlBus, bot_id: UUID
) -> None:
    house.publish(bot_id, HELLO.replace("name: hello", "name: ping"))
    before = house.view(bot_id).state.commands_synced_at
    assert bus.publish(ControlMessage(Topic.COMMANDS_CHANGED, str(bot_id)))
    # Without the hint the bot looks at its commands ten seconds after its last look at the earliest.
    house.wait(lambda: house.view(bot_id).state.commands_synced_at != before, "it is registered", 9)
    answer = sandbox.control.invoke("ping", user_id=MARA, channel_id=CHANNEL)
    assert answer["outcome"] == "answered"


def test_wish_is_fulfilled_as_soon_as_a_hint_tells_of_it(
    house: Installation, sandbox: RunningSandbox, bus: ControlBus, bot_id: UUID
) -> None:
    second = house.add_bot(sandbox.control.bots()["Rollcall"])
    started = time.monotonic()
    assert bus.publish(ControlMessage(Topic.BOTS_CHANGED, str(second)))
    house.wait(lambda: len(sandbox.control.sessions(connected=True)) == 2, "both bots are online")
    assert time.monotonic() - started < 20
    assert house.view(bot_id).state.runner_id is not None


@pytest.mark.parametrize(("kind", "key"), [("commands.plan", "unchanged"), ("bot.refresh", "guilds")])
def test_job_is_answered_in_its_row_even_without_a_hint(
    house: Installation, bot_id: UUID, kind: str, key: str
) -> None:
    with house.unit() as uow:
        job_id = service.ask(uow, Actor.system("tests"), kind, {}, target=fleet_target(bot_id), bot_id=bot_id)
        uow.commit()

    def state() -> JobState:
        with house.reading() as session:
            return queries.get_job(session, job_id).state

    house.wait(lambda: state().is_end, "the job is answered")
    with house.reading() as session:
        job = queries.get_job(session, job_id)
    assert job.state is JobState.DONE, job.problem
    assert job.result is not None
    assert job.result[key]


def test_plan_shows_what_others_made_and_what_clashes_and_changes_nothing(
    house: Installation, sandbox: RunningSandbox, bot_id: UUID
) -> None:
    bot = sandbox.control.bots()["Greenhouse"]
    for name in ("theirs", "ping"):
        requests.post(
            f"{sandbox.api_base_url}/applications/{bot.id}/commands",
            json={"name": name, "description": "Made elsewhere"},
            headers={"Authorization": f"Bot {bot.token}"},
            timeout=30,
        ).raise_for_status()
    sandbox.control.clear_calls()
    house.publish(bot_id, HELLO.replace("name: hello", "name: ping"))
    with house.unit() as uow:
        job_id = service.ask(
            uow, Actor.system("tests"), "commands.plan", {}, target=fleet_target(bot_id), bot_id=bot_id
        )
        uow.commit()

    def answer() -> JobView:
        with house.reading() as session:
            return queries.get_job(session, job_id)

    house.wait(lambda: answer().state.is_end, "the job is answered")
    plan: Any = answer().result
    assert plan is not None, answer().problem
    assert {item["name"] for item in plan["foreign"]} == {"theirs", "ping"}
    assert [item["name"] for item in plan["refused"]] == ["ping"]
    assert [item["name"] for item in plan["unchanged"]] == ["hello"]
    assert plan["create"] == plan["update"] == plan["delete"] == []
    changes = [seen for seen in sandbox.control.calls(path="/commands") if seen["method"] != "GET"]
    assert changes == []


def test_presence_and_profile_change_at_discord_while_the_bot_runs(
    house: Installation, sandbox: RunningSandbox, bus: ControlBus, bot_id: UUID
) -> None:
    bot, picture = sandbox.control.bots()["Greenhouse"], make_png(128, 128)
    actor, presence = Actor.system("tests"), Presence(Status.IDLE, ActivityKind.WATCHING, "over you")
    [before] = sandbox.control.sessions(bot.id)
    with house.unit() as uow:
        version = house.view(bot_id).version
        bot_service.set_presence(uow, actor, bot_id, version=version, presence=presence)
        job_id = service.ask(
            uow,
            actor,
            "bot.edit_profile",
            {"name": "Glasshouse", "avatar": len(picture)},
            target=fleet_target(bot_id),
            bot_id=bot_id,
        )
        service.attach_file(uow, job_id, picture)
        uow.commit()
    assert bus.publish(ControlMessage(Topic.BOTS_CHANGED, str(bot_id)))

    def shown() -> dict[str, Any]:
        [session] = sandbox.control.sessions(bot.id)
        assert session["id"] == before["id"], "no new session for that"
        return dict(session["presence"])

    house.wait(lambda: shown()["status"] == "idle", "the presence is shown")
    assert [activity["name"] for activity in shown()["activities"]] == ["over you"]
    house.wait(lambda: house.view(bot_id).profile.name == "Glasshouse", "the profile is changed")

    def done() -> JobView:
        with house.reading() as session:
            return queries.get_job(session, job_id)

    house.wait(lambda: done().state.is_end, "the job is answered")
    assert done().result == {"done": ["name", "avatar"], "problems": {}}
    me = requests.get(
        f"{sandbox.api_base_url}/users/@me", headers={"Authorization": f"Bot {bot.token}"}, timeout=30
    ).json()
    view = house.view(bot_id)
    assert (me["username"], me["avatar"]) == ("Glasshouse", view.profile.avatar)
    assert view.name == "Greenhouse"
