"""What people get to see from a running bot: for what they picked, and for too much."""

from collections.abc import Callable
from uuid import UUID

import pytest

from socialcube.sandbox.control.client import Bot
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import JONAS, MARA
from tests.support.installation import Installation

pytestmark = pytest.mark.processes

CHANNEL = 3004
PICK = """
schema: 1
name: pick
description: Tells what was picked
options:
  - {name: who, type: user, description: A person, required: true}
  - {name: where, type: channel, description: A channel, required: true}
  - {name: which, type: role, description: A role, required: true}
steps:
  - id: tell
    type: reply
    params: {text: "{{ options.who.name }} in {{ options.where.name }} as {{ options.which.name }}"}
"""
LONG = """
schema: 1
name: long
description: Says too much
steps:
  - id: tell
    type: reply
    params: {text: "{% for i in (1..3) %}PART{% endfor %}"}
""".replace("PART", "x" * 667)


@pytest.fixture
def bot(sandbox: RunningSandbox) -> Bot:
    return sandbox.control.bots()["Greenhouse"]


@pytest.fixture
def offer(small_house: Installation, bot: Bot) -> Callable[[str], UUID]:
    """Give what brings a bot with one command online."""

    def add(yaml: str) -> UUID:
        bot_id = small_house.add_bot(bot, yaml)
        small_house.start_runner()
        small_house.wait(lambda: small_house.view(bot_id).state.commands_synced_at, "it is online")
        return bot_id

    return add


def test_person_channel_and_role_that_were_picked_are_known_by_name(
    sandbox: RunningSandbox, offer: Callable[[str], UUID]
) -> None:
    offer(PICK)
    guild = sandbox.control.world()["guilds"][0]
    channel = next(item for item in guild["channels"] if item["type"] == 0)
    role = next(item for item in guild["roles"] if item["id"] != guild["id"])
    answer = sandbox.control.invoke(
        "pick",
        user_id=MARA,
        channel_id=CHANNEL,
        options={"who": str(JONAS), "where": channel["id"], "which": role["id"]},
    )
    assert answer["outcome"] == "answered", answer
    assert answer["message"]["content"] == f"Jonas in {channel['name']} as {role['name']}"


def test_answer_that_is_too_long_becomes_a_private_notice_and_a_row_with_its_place(
    small_house: Installation, sandbox: RunningSandbox, offer: Callable[[str], UUID]
) -> None:
    offer(LONG)
    answer = sandbox.control.invoke("long", user_id=MARA, channel_id=CHANNEL)
    assert answer["outcome"] == "answered", answer
    assert answer["message"]["content"].startswith("This command hit a problem.")
    assert answer["message"]["flags"] & 64
    assert answer["message"]["id"] not in {item["id"] for item in sandbox.control.messages(CHANNEL)}
    small_house.wait(lambda: small_house.rows("SELECT * FROM error_logs"), "the error is logged")
    [row] = small_house.rows("SELECT code, place, message FROM error_logs")
    assert row["code"] == "output_too_long"
    assert "steps[0].params.text" in row["place"]
    assert "2,001 characters" in row["message"]
