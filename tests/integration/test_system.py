"""A bot answers a command that is data: through every process of the Procfile, on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.system import System

MARA, THEO = 1001, 1004
COMMANDS = """
commands:
  - schema: 1
    name: hello
    description: Greets you
    options:
      - {name: who, type: user, description: Whom to greet}
    steps:
      - id: greet
        type: reply
        params: {text: "Hello {{ options.who.name | default: user.name }}!"}
  - schema: 1
    name: broken
    description: Asks for more than a reply may hold
    steps:
      - id: flood
        type: reply
        params: {text: "{% for i in (1..900) %}spam {% endfor %}"}
"""

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


@pytest.fixture
def system(tmp_path: Path, empty_database_url: str) -> Iterator[System]:
    with System(tmp_path, empty_database_url) as running:
        running.start("redis", "sandbox")
        running.release()
        running.start("web", "worker", "beat", "bots")
        running.wait_ready()
        yield running


def test_command_made_on_the_command_line_is_answered_logged_and_tried(
    system: System, tmp_path: Path
) -> None:
    bot = system.control.bots()["Greenhouse"]
    channel = _channel(system)
    made = system.flask_ok("bots", "create", "--start", typed=bot.token)
    assert "online" in made.lower()
    assert bot.token not in made

    file = tmp_path / "commands.yaml"
    file.write_text(COMMANDS)
    system.flask_ok("commands", "import", "Greenhouse", str(file))
    tried = system.flask_ok("commands", "try", "Greenhouse", "hello")
    assert "Hello" in tried
    assert system.control.messages(channel) == [], "a try sends nothing"

    system.flask_ok("commands", "publish", "Greenhouse")
    answer = _use(system, "hello", channel, bot.id)
    assert answer["message"]["content"] == "Hello mara!"

    refused = _use(system, "broken", channel, bot.id)
    assert "hit a problem" in refused["message"]["content"]

    rows = _command_rows(system, at_least=2)
    assert [(row["command_name"], row["outcome"]) for row in rows] == [
        ("hello", "succeeded"),
        ("broken", "failed"),
    ]
    assert "steps[0].params.text" in json.dumps(rows[1])


def test_bad_tokens_are_refused_in_a_sentence_and_never_shown(system: System) -> None:
    bots = system.control.bots()
    good, reset = bots["Rollcall"], bots["Tavern"]
    system.control.reset_token(reset.id)
    for token in ("nonsense", reset.token, ""):
        done = system.flask("bots", "create", typed=token)
        assert done.returncode != 0
        assert len(done.stderr.strip().splitlines()) <= 2
        assert "Traceback" not in done.stderr
        assert not token or token not in done.stdout + done.stderr
    system.flask_ok("bots", "create", typed=good.token)
    again = system.flask("bots", "create", typed=good.token)
    assert again.returncode != 0
    assert "Rollcall" in again.stderr


def test_token_that_turns_bad_holds_its_bot_alone(system: System) -> None:
    bots = system.control.bots()
    for name in ("Greenhouse", "Rollcall"):
        system.flask_ok("bots", "create", "--start", typed=bots[name].token)
    system.control.reset_token(bots["Rollcall"].id)
    system.wait(lambda: _state(system, "Rollcall")["state"] == "Needs you", "the bot is held")
    assert "token" in json.dumps(_state(system, "Rollcall")).lower()
    assert _state(system, "Greenhouse")["state"] == "Online"
    assert len(system.control.sessions(bots["Greenhouse"].id, connected=True)) == 1


def _use(system: System, command: str, channel: str, bot_id: str) -> dict[str, object]:
    """Use a command as soon as Discord knows it."""

    def known() -> bool:
        calls = system.control.calls(application_id=bot_id, method="POST", path="/commands")
        return sum(call["status"] in {200, 201} for call in calls) > 0

    system.wait(known, "the commands are registered")
    for _ in range(50):
        try:
            return system.control.invoke(command, user_id=MARA, channel_id=channel, bot_id=bot_id)
        except Exception:  # noqa: BLE001 - registered one by one, so the second may follow the first
            system.wait(lambda: True, "the next command is registered")
    raise AssertionError(system.logs())


def _channel(system: System) -> str:
    guild = system.control.world()["guilds"][0]
    return str(next(channel["id"] for channel in guild["channels"] if channel["type"] == 0))


def _command_rows(system: System, at_least: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []

    def enough() -> bool:
        lines = system.flask_ok("logs", "tail", "--stream", "commands", "--no-follow", "--json").splitlines()
        found[:] = [json.loads(line) for line in lines]
        return len(found) >= at_least

    system.wait(enough, "the runs are in the log")
    return found


def _state(system: System, name: str) -> dict[str, object]:
    listed = json.loads(system.flask_ok("bots", "list", "--json"))
    return next(bot for bot in listed if bot["name"] == name)
