import json
from typing import Any

import pytest

from socialcube.domain.bots.types import GatewayState, ProcessState
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, MARA
from tests.support.installation import HELLO, Installation

pytestmark = pytest.mark.processes

CHANNEL = 3004


def is_online(house: Installation, bot_id: Any) -> bool:
    state = house.view(bot_id).state
    return (state.process, state.gateway) == (ProcessState.RUNNING, GatewayState.CONNECTED)


def test_bot_comes_online_and_answers_a_command_that_is_data(
    house: Installation, sandbox: RunningSandbox
) -> None:
    bot = sandbox.control.bots()["Greenhouse"]
    bot_id = house.add_bot(bot, HELLO)
    house.start_runner()
    house.wait(lambda: is_online(house, bot_id), "the bot is online")
    house.wait(lambda: house.view(bot_id).state.commands_synced_at, "its commands are registered")
    answer = sandbox.control.invoke("hello", user_id=MARA, channel_id=CHANNEL, options={"who": "fern"})
    assert answer["outcome"] == "answered", answer
    assert answer["message"]["content"] == "Hello fern!"
    house.wait(lambda: house.rows("SELECT * FROM command_logs"), "the run is logged")
    [row] = house.rows("SELECT command_name, outcome, options FROM command_logs")
    options = row["options"] if isinstance(row["options"], dict) else json.loads(row["options"])
    assert (row["command_name"], row["outcome"], options) == ("hello", "succeeded", {"who": "fern"})
    house.wait(lambda: house.rows("SELECT * FROM guilds"), "its servers are stored")
    [guild] = house.rows("SELECT external_id, name FROM guilds")
    assert guild == {"external_id": FERN, "name": "Fern Street"}
    assert house.rows("SELECT count(*) AS channels FROM channels")[0]["channels"] >= 5
    assert {"connected", "commands_synced"} <= set(house.kinds(bot_id))
