"""The platform shows what is published, and what others made there stays."""

from typing import Any
from uuid import UUID

import pytest
import requests

from socialcube.sandbox.control.client import Bot
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import MARA
from tests.support.installation import HELLO, Installation

pytestmark = pytest.mark.processes

CHANNEL = 3004
PING = HELLO.replace("name: hello", "name: ping")


def as_bot(sandbox: RunningSandbox, bot: Bot, method: str, path: str, body: object = None) -> Any:
    """Call the REST API as another program with the same token would."""
    answer = requests.request(
        method,
        sandbox.api_base_url + path,
        json=body,
        headers={"Authorization": f"Bot {bot.token}"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()


def names(sandbox: RunningSandbox, bot: Bot) -> dict[str, str]:
    """Give the description of each command by its name."""
    found = as_bot(sandbox, bot, "GET", f"/applications/{bot.id}/commands")
    return {command["name"]: command["description"] for command in found}


@pytest.fixture
def bot(sandbox: RunningSandbox) -> Bot:
    return sandbox.control.bots()["Greenhouse"]


def synced(house: Installation, bot_id: UUID) -> object:
    return house.view(bot_id).state.commands_synced_at


def test_foreign_commands_are_neither_changed_nor_deleted(
    house: Installation, sandbox: RunningSandbox, bot: Bot
) -> None:
    foreign = {"name": "theirs", "description": "Made elsewhere"}
    clash = {"name": "ping", "description": "Also made elsewhere"}
    as_bot(sandbox, bot, "POST", f"/applications/{bot.id}/commands", foreign)
    as_bot(sandbox, bot, "POST", f"/applications/{bot.id}/commands", clash)
    bot_id = house.add_bot(bot, HELLO, PING)
    house.start_runner()
    house.wait(lambda: synced(house, bot_id), "the commands are registered")
    assert names(sandbox, bot) == {
        "hello": "Says hello",
        "theirs": "Made elsewhere",
        "ping": "Also made elsewhere",
    }
    assert "/ping" in house.view(bot_id).state.commands_problem
    assert [seen for seen in sandbox.control.calls() if seen["method"] == "PUT"] == []


def test_what_is_published_later_is_registered_and_a_changed_one_is_updated(
    small_house: Installation, sandbox: RunningSandbox, bot: Bot
) -> None:
    house = small_house
    bot_id = house.add_bot(bot, HELLO)
    house.start_runner()
    house.wait(lambda: synced(house, bot_id), "the commands are registered")
    house.publish(bot_id, PING, HELLO.replace("Says hello", "Greets you"))
    house.wait(
        lambda: names(sandbox, bot) == {"hello": "Greets you", "ping": "Says hello"},
        "the timer has found what no hint told",
        60,
    )
    assert sandbox.control.invoke("ping", user_id=MARA, channel_id=CHANNEL)["outcome"] == "answered"


def test_command_whose_registration_was_not_recorded_is_found_again(
    small_house: Installation, sandbox: RunningSandbox, bot: Bot
) -> None:
    house = small_house
    bot_id = house.add_bot(bot, HELLO)
    # The command is made, but the answer is lost as in a crash: only the intent is on record.
    sandbox.control.fail(f"/applications/{bot.id}/commands", method="POST", reset=True, moment="after")
    house.start_runner()
    house.wait(lambda: synced(house, bot_id), "the commands are registered")
    assert names(sandbox, bot) == {"hello": "Says hello"}
    assert house.view(bot_id).state.commands_problem == ""
    [row] = house.rows("SELECT external_id FROM command_registrations")
    assert row["external_id"] is not None


def test_restarted_runner_finds_nothing_to_synchronise(
    small_house: Installation, sandbox: RunningSandbox, bot: Bot
) -> None:
    house = small_house
    bot_id = house.add_bot(bot, HELLO)
    first = house.start_runner()
    house.wait(lambda: synced(house, bot_id), "the commands are registered")
    first.terminate()
    assert first.wait(timeout=30) == 0
    sandbox.control.clear_calls()
    house.start_runner("again")
    house.wait(lambda: len(sandbox.control.sessions(connected=True)) == 1, "the bot is back")
    assert [seen for seen in sandbox.control.calls() if "/commands" in seen["route"]] == []
