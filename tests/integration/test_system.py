"""A bot answers a command that is data: through every process of the Procfile, on both databases."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.system import HELLO, System

BROKEN = """
schema: 1
name: broken
description: Asks for more than a reply may hold
steps:
  - id: flood
    type: reply
    params: {text: "{% for i in (1..900) %}spam {% endfor %}"}
"""

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, empty_database_url: str) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("system"), empty_database_url) as running:
        running.start("redis", "sandbox")
        running.release()
        running.start("web", "worker", "beat", "bots")
        running.wait_ready()
        yield running


def test_command_made_of_data_is_tried_published_answered_and_logged(system: System, tmp_path: Path) -> None:
    bot = system.control.bots()["Greenhouse"]
    made = system.flask_ok("bots", "create", "--start", typed=bot.token)
    assert "online" in made.lower()
    assert bot.token not in made

    for name, text in {"hello": HELLO, "broken": BROKEN}.items():
        file = tmp_path / f"{name}.yaml"
        file.write_text(text)
        system.flask_ok("commands", "import", "Greenhouse", str(file))
    assert "Hello" in system.flask_ok("commands", "try", "Greenhouse", "hello")
    assert system.control.messages(system.channel()) == [], "a try sends nothing"

    system.flask_ok("commands", "publish", "Greenhouse")
    system.wait_registered(bot.id, 2)
    assert system.use("hello", bot.id) == "Hello mara!"
    assert "hit a problem" in system.use("broken", bot.id)

    rows = system.command_rows(at_least=2)
    assert [(row["command_name"], row["outcome"]) for row in rows] == [
        ("hello", "succeeded"),
        ("broken", "failed"),
    ]
    assert "steps[0].params.text" in json.dumps(rows[1]), "the log names the place"


def test_bad_and_duplicate_tokens_are_refused_in_a_sentence_and_never_shown(system: System) -> None:
    bot = system.control.create_bot("Twice")
    revoked = system.control.create_bot("Revoked")
    system.control.reset_token(revoked.id)
    for token in ("nonsense", revoked.token, ""):
        done = system.flask("bots", "create", typed=token)
        _assert_plain_refusal(done.returncode, done.stdout, done.stderr)
        assert not token or token not in done.stdout + done.stderr
    system.flask_ok("bots", "create", typed=bot.token)
    again = system.flask("bots", "create", typed=bot.token)
    _assert_plain_refusal(again.returncode, again.stdout, again.stderr)
    assert "Twice" in again.stderr


def test_token_that_turns_bad_holds_its_bot_alone(system: System) -> None:
    names = ("Steady", "Shaky")
    bots = {name: system.control.create_bot(name, guild_ids=[2001]) for name in names}
    for bot in bots.values():
        system.flask_ok("bots", "create", "--start", typed=bot.token)
    system.control.reset_token(bots["Shaky"].id)
    system.wait(lambda: _listed(system, "Shaky")["state"] == "Needs you", "the bot is held")
    assert "token" in json.dumps(_listed(system, "Shaky")).lower()
    assert _listed(system, "Steady")["state"] == "Online"
    assert len(system.control.sessions(bots["Steady"].id, connected=True)) == 1


def _assert_plain_refusal(code: int, said: str, complained: str) -> None:
    assert code != 0
    assert 0 < len(complained.strip().splitlines()) <= 3, said + complained
    assert "Traceback" not in complained


def _listed(system: System, name: str) -> dict[str, Any]:
    listed: list[dict[str, Any]] = [
        json.loads(line) for line in system.flask_ok("bots", "list", "--json").splitlines()
    ]
    return next(bot for bot in listed if bot["name"] == name)
