"""What people set in the panel counts for a bot that runs, at once and without a restart."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

import pytest

from socialcube.db.session import write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.bots import service as bots
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.types import FieldKind, SettingField
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind, JobState, fleet_target
from socialcube.infra.control_bus import ControlBus
from socialcube.infra.event_publisher import HintPublisher
from socialcube.sandbox.control.client import Bot
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.seed import FERN, HARBOR, JONAS, MARA, PRIYA, THEO
from tests.support.installation import Installation
from tests.support.valkey import RunningValkey

pytestmark = pytest.mark.processes

ACTOR = Actor.system("tests")
CHANNEL = 3004
MEMBERS = 1 << 1
_LOOK_SECONDS = 0.7
GREET = """
schema: 1
name: greet
description: Greets
steps:
  - id: greet
    type: reply
    params: {text: "{{ settings.welcome }} from {{ bot.name }} at {{ 0 | date: '%H', settings.time_zone }}"}
"""
BREAK = """
schema: 1
name: break
description: Breaks
steps:
  - id: order
    type: if
    params: {conditions: [{left: "@everyone", operator: greater, right: "1"}]}
    then: []
"""


class Panel:
    """Changes things as the panel does: in a unit whose hints reach the runner."""

    def __init__(self, house: Installation, bus: ControlBus, bot_id: UUID) -> None:
        self.house, self.bot_id = house, bot_id
        self._publisher = HintPublisher(bus)

    def unit(self) -> UnitOfWork:
        return UnitOfWork(write_sessions(self.house.engine)(), self._publisher)

    def set_up(self, *, off: tuple[str, ...] = (), **settings: Any) -> None:
        with self.unit() as uow:
            [place] = queries.list_guilds_of_bot(uow.session, self.bot_id)
            seen = queries.get_settings(uow.session, self.bot_id, place.id)
            disabled = [
                item.id for item in commands.list_commands(uow.session, self.bot_id) if item.name in off
            ]
            service.edit_settings(
                uow,
                ACTOR,
                self.bot_id,
                place.id,
                version=seen.version,
                disabled_commands=disabled,
                **({"values": {}} | settings),
            )
            uow.commit()

    def ask(self, kind: JobKind, **payload: object) -> dict[str, Any]:
        with self.unit() as uow:
            target = fleet_target(self.bot_id)
            job_id = job_service.ask(uow, ACTOR, kind, payload, target=target, bot_id=self.bot_id)
            uow.commit()

        def is_done() -> bool:
            with self.house.reading() as session:
                return jobs.get_job(session, job_id).state is JobState.DONE

        self.house.wait(is_done, f"{kind} is answered", 40)
        with self.house.reading() as session:
            return dict(jobs.get_job(session, job_id).result or {})


@pytest.fixture
def bot(sandbox: RunningSandbox) -> Bot:
    return sandbox.control.bots()["Greenhouse"]


@pytest.fixture
def panel(tmp_path: Path, sandbox: RunningSandbox, bot: Bot) -> Iterator[Panel]:
    """Give a panel for a bot that is online, its runner's timers too slow to help."""
    url = f"sqlite:///{tmp_path}/socialcube.db"
    with (
        RunningValkey() as valkey,
        Installation(tmp_path, url, sandbox.api_base_url, valkey.url.reveal()) as house,
    ):
        bus = ControlBus(valkey.url, namespace="socialcube")
        panel = Panel(house, bus, house.add_bot(bot, start=False))
        with panel.unit() as uow:
            welcome = SettingField("welcome", "Welcome text", FieldKind.TEXT, default="Hello")
            service.define_fields(uow, ACTOR, panel.bot_id, version=0, fields=[welcome])
            uow.commit()
        house.publish(panel.bot_id, GREET, BREAK)
        with panel.unit() as uow:
            bots.restart_bot(uow, ACTOR, panel.bot_id)
            uow.commit()
        house.start_runner(BOT_RECONCILE_SECONDS="60")
        house.wait(lambda: house.view(panel.bot_id).state.commands_synced_at, "the bot is online")
        house.wait(lambda: house.rows("SELECT * FROM bot_guilds"), "its server is stored")
        yield panel
        bus.close()


def test_settings_name_and_switches_of_a_running_bot_are_fresh_without_a_restart(
    panel: Panel, sandbox: RunningSandbox
) -> None:
    people = itertools.cycle((MARA, JONAS, PRIYA))

    def says(command: str = "greet") -> str:
        answer = sandbox.control.invoke(command, user_id=next(people), channel_id=CHANNEL)
        return str(answer["message"]["content"])

    def expect(holds: Callable[[], object], what: str) -> None:
        def slowly() -> object:
            # A person may use a few commands in ten seconds, and no more.
            time.sleep(_LOOK_SECONDS)
            return holds()

        panel.house.wait(slowly, what, 40)

    assert says() == "Hello from Greenhouse at 00"
    panel.set_up(values={"welcome": "Moin {{ user.name }}"}, time_zone="Asia/Tokyo", log_channel_id=CHANNEL)
    # What somebody typed into a setting is shown, never filled in.
    expect(lambda: says() == "Moin {{ user.name }} from Greenhouse at 09", "the settings count")

    with panel.unit() as uow:
        view = panel.house.view(panel.bot_id)
        bots.edit_bot(uow, ACTOR, view.id, version=view.version, name="Glasshouse", description="")
        uow.commit()
    expect(lambda: "from Glasshouse" in says(), "the new name is heard")

    says("break")
    says("break")

    def posts() -> list[str]:
        found = sandbox.control.messages(CHANNEL)
        return [message["content"] for message in found if "**/break** failed" in message["content"]]

    expect(posts, "the failure is told in the log channel")
    [post] = posts()
    assert "steps[0]" in post

    panel.set_up(off=("greet",))
    expect(lambda: says() == "This command is switched off on this server.", "it is switched off")
    expect(
        lambda: panel.house.rows("SELECT * FROM command_logs WHERE error_code = 'command_off'"),
        "it is logged",
    )
    assert len(posts()) == 1

    facts = panel.ask(JobKind.INSPECT_BOT)
    assert [guild["id"] for guild in facts["guilds"]] == [str(FERN)]
    assert facts["starts"]["left"] <= facts["starts"]["total"]
    assert panel.ask(JobKind.SET_INTENTS, intents=MEMBERS) == {"intents": MEMBERS}
    assert panel.ask(JobKind.INSPECT_BOT)["intents"] == MEMBERS

    with panel.unit() as uow:
        bots.delete_bot(uow, ACTOR, panel.bot_id)
        uow.commit()
    expect(
        lambda: [call for call in sandbox.control.calls() if call["method"] == "DELETE"],
        "its commands leave Discord",
    )
    expect(lambda: not sandbox.control.sessions(connected=True), "the deleted bot is offline")


def test_discord_says_through_the_bot_who_manages_a_server(panel: Panel, sandbox: RunningSandbox) -> None:
    def manages(person: int, guild: int = FERN) -> bool:
        answer = panel.ask(JobKind.CHECK_MANAGER, guild_id=str(guild), user_id=str(person))
        return bool(answer["is_manager"])

    def stored(person: int) -> list[tuple[bool, bool]]:
        with panel.house.reading() as session:
            guild_id = queries.find_guild_id(session, "discord", FERN)
            assert guild_id is not None
            check = queries.find_manager_check(session, guild_id, person)
            return [(check.is_manager, check.is_fresh)] if check else []

    # Mara owns it, Jonas holds Manage Server by a role, Priya and Theo do not.
    assert [manages(person) for person in (MARA, JONAS, PRIYA, THEO)] == [True, True, False, False]
    assert [stored(person) for person in (MARA, PRIYA)] == [[(True, True)], [(False, True)]]

    keeper = sandbox.control.create_role(FERN, "Keeper", int(Permission.MANAGE_GUILD))
    sandbox.control.give_role(FERN, THEO, keeper)
    assert manages(THEO)
    sandbox.control.take_role(FERN, THEO, keeper)
    assert not manages(THEO)
    assert stored(THEO) == [(False, True)]

    sandbox.control.give_away(FERN, PRIYA)
    assert manages(PRIYA)
    sandbox.control.ask("DELETE", f"/guilds/{FERN}/members/{JONAS}")
    assert not manages(JONAS)
    # The bot is not there, and nobody is known by this id.
    assert not manages(MARA, HARBOR)
    assert not manages(999)
    calls = sandbox.control.calls(path=f"/guilds/{FERN}/members/999")
    assert [call["status"] for call in calls] == [404]


def test_commands_and_servers_that_somebody_else_changed_are_noticed_and_mended(
    panel: Panel, sandbox: RunningSandbox, bot: Bot
) -> None:
    house = panel.house

    def elsewhere(method: str, path: str = "", body: dict[str, object] | None = None) -> Any:
        """Do what another program does that knows the bot's token."""
        request = Request(  # noqa: S310 - the sandbox's own address
            f"{sandbox.api_base_url}/applications/{bot.id}/commands{path}",
            data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bot {bot.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            return json.loads(answer.read() or b"null")

    def there() -> dict[str, str]:
        return {command["name"]: command["id"] for command in elsewhere("GET")}

    assert panel.ask(JobKind.COMMAND_PLAN)["differs"] == 0
    elsewhere("DELETE", f"/{there()['greet']}")
    elsewhere("POST", body={"name": "theirs", "description": "Made elsewhere", "type": 1})
    plan = panel.ask(JobKind.COMMAND_PLAN)
    assert [item["name"] for item in plan["create"]] == ["greet"]
    assert [item["name"] for item in plan["foreign"]] == ["theirs"]
    assert plan["creates_left"] == [{"guild_id": None, "left": 198}]
    done = panel.ask(JobKind.APPLY_PLAN, seen=plan["seen"])
    assert (done["created"], done["problems"]) == (["greet"], [])
    assert set(there()) == {"greet", "break", "theirs"}
    with house.reading() as session:
        look = commands.find_look(session, panel.bot_id)
        assert look is not None
        assert look.differs == 0

    guard = sandbox.control.create_role(FERN, "Guard", int(Permission.BAN_MEMBERS))
    sandbox.control.give_role(FERN, bot.id, guard)

    def lines() -> list[str]:
        found = house.rows("SELECT message FROM bot_logs WHERE kind LIKE 'guild%' ORDER BY id")
        return [row["message"] for row in found]

    gained = "In Fern Street it may now: Ban Members."
    house.wait(lambda: gained in lines(), "the new permission is told")
    assert panel.ask(JobKind.LEAVE_GUILD, guild_id=str(FERN)) == {"left": str(FERN)}
    house.wait(lambda: "Left Fern Street, as somebody asked here." in lines(), "leaving is told")
    with house.reading() as session:
        assert queries.list_guilds_of_bot(session, panel.bot_id) == []
    assert not [line for line in lines() if "Was removed" in line]
