"""Known tokens go through every feature that takes one. Afterwards they are nowhere but sealed."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

import pytest
import redis

from tests.support.canary import Browser, RedisWitness, find_places, sign_in
from tests.support.system import MARA, System

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900)]

PLANTED: Final = "planted-control-needle-4711"
WRONG_SHAPE: Final = "canary-of-no-known-shape-0815"
WRONG: Final = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.CanaryThatDiscordDoesNotKnow12345"
WEBHOOK: Final = "canary-of-a-webhook-which-nobody-may-read-1729"
SECRET: Final = "canary-secret-of-a-step-2342"
INTERACTION: Final = re.compile(rb"(?<![\w:-])[\w-]{160}(?![\w-])")
"""What the sandbox sends as an interaction's token; what is sealed follows a colon."""


@dataclass
class Canaries:
    """An installation through which tokens went.

    Attributes:
        tokens: each of them by where it came from.
    """

    system: System
    browser: Browser
    witness: RedisWitness
    tokens: dict[str, str] = field(default_factory=dict)

    def places(self, needle: str | re.Pattern[bytes]) -> set[str]:
        """Give every place that holds the text, or what fits the pattern."""
        return find_places(needle, self.system, self.browser, self.witness)


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    folder = tmp_path_factory.mktemp("canary")
    with System(folder, f"sqlite:///{folder}/canary.db", is_cold=True) as system:
        # As talkative as anybody can make it, and with something to find in each environment.
        system.environment |= {"LOG_LEVEL": "DEBUG", "PLANTED": PLANTED}
        system.start("redis", "sandbox")
        system.release()
        with RedisWitness(system.var / "redis.sock") as witness:
            system.start("web", "worker", "beat", "bots")
            system.wait_ready()
            system.flask_ok("demo", "seed")
            browser = Browser(f"http://127.0.0.1:{system.ports['web']}")
            found = Canaries(system, browser, witness)
            sign_in(browser, system)
            _use_every_feature(found)
            yield found


def test_asvs_13_3_1_no_token_or_secret_is_anywhere_but_sealed(canaries: Canaries) -> None:
    found = {origin: canaries.places(token) for origin, token in canaries.tokens.items()}
    assert {origin: places for origin, places in found.items() if places} == {}
    assert len(found) >= 8


def test_no_token_of_an_interaction_is_stored(canaries: Canaries) -> None:
    """Discord sends one with each use of a command; for 15 minutes it lets anybody answer as the bot."""
    assert canaries.places(INTERACTION) == set()


def test_the_opening_key_is_in_its_file_alone(canaries: Canaries) -> None:
    key = (canaries.system.var / "keys" / "opening.key").read_text().partition(":")[2]
    assert canaries.places(key) == {"file:var/keys/opening.key"}


def test_the_search_finds_what_is_there(canaries: Canaries) -> None:
    """Plant a text in each place: a search that finds nothing there proves nothing above either."""
    system, browser = canaries.system, canaries.browser
    system.flask_ok("bots", "edit", "Greenhouse", "--name", PLANTED)
    assert PLANTED in browser.get("/admin/bots/").text
    assert PLANTED in browser.post("/admin/bots/export/").text
    planted = system.folder / "planted.log"
    planted.write_text(f"web: {PLANTED} {'Aa0_' * 40}\n")
    with closing(redis.Redis(unix_socket_path=str(system.var / "redis.sock"))) as client:
        client.set("planted", PLANTED)
    places = canaries.places(PLANTED)
    kinds = {place.partition(":")[0] for place in places}
    assert kinds == {"file", "redis", "environ", "answer"}
    assert {"file:planted.log", "redis:planted", "redis:commands"} <= places
    assert any(place.startswith("file:canary.db") for place in places)
    assert {"environ:web environ", "environ:worker environ"} <= places
    assert any("export" in place for place in places)
    assert canaries.places(INTERACTION) == {"file:planted.log"}
    planted.unlink()


def _use_every_feature(found: Canaries) -> None:
    _take_tokens_on_pages(found)
    _take_tokens_on_the_command_line(found)
    _take_webhooks(found)
    _let_a_token_fail(found)
    _take_secrets(found)
    _run_a_command(found)
    _rotate_delete_and_restore(found)
    found.browser.crawl("/admin/", most=60)


def _take_tokens_on_pages(found: Canaries) -> None:
    system, browser = found.system, found.browser
    made = system.control.create_bot("Canary")
    found.tokens["a new bot's page"] = made.token
    system.control.fail("/users/@me", status=500, times=4)
    assert "could not be asked" in browser.post("/admin/bots/new/token", token=made.token).text
    system.control.clear_faults()
    # Something breaks while the token is in memory and half of its row is written.
    with closing(sqlite3.connect(system.folder / "canary.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        assert browser.post("/admin/bots/new/token", token=made.token).status_code >= 500
    page = browser.post("/admin/bots/new/token", token=f"Bot {made.token}")
    bot_id = page.url.partition("bot=")[2]
    assert bot_id, page.text
    found.tokens["another bot's token"] = other = system.control.bots()["Tavern"].token
    assert "belongs to another bot" in browser.post(f"/admin/bots/{bot_id}/token", token=other).text
    found.tokens["a token that Discord does not know"] = WRONG
    found.tokens["what has no shape of a token"] = WRONG_SHAPE
    for wrong in (WRONG, WRONG_SHAPE, f"{WRONG_SHAPE}\n{WRONG}", f"{WRONG_SHAPE}{'ä' * 9}"):
        assert browser.post("/admin/bots/new/token", token=wrong).status_code == 400
        assert "does not accept" in browser.post(f"/admin/bots/{bot_id}/token", token=wrong).text
    # Some put it where it does not belong.
    browser.get(f"/admin/bots/new?token={WRONG}")
    browser.get(f"/admin/nothing/{WRONG}")
    found.tokens["a replaced token"] = system.control.reset_token(made.id)
    replaced = browser.post(f"/admin/bots/{bot_id}/token", token=found.tokens["a replaced token"])
    assert "has its new token" in replaced.text
    browser.post(f"/admin/bots/{bot_id}/leaked")
    again = browser.post(f"/admin/bots/{bot_id}/token", token=found.tokens["a replaced token"])
    assert "reported as leaked" in again.text
    browser.get(f"/admin/bots/{bot_id}/settings")


def _take_tokens_on_the_command_line(found: Canaries) -> None:
    system = found.system
    made = system.control.create_bot("Terminal")
    found.tokens["the command line"] = made.token
    system.flask_ok("bots", "create", "--start", typed=made.token)
    for typed in (WRONG, f"{WRONG_SHAPE} {WRONG}", f"{WRONG_SHAPE}ä"):
        said = system.flask("bots", "create", typed=typed)
        assert said.returncode == 1
        assert not any(token in said.stdout + said.stderr for token in (WRONG, WRONG_SHAPE))


def _let_a_token_fail(found: Canaries) -> None:
    """A bot that runs loses its token at Discord: whatever is logged about that names no token."""
    system = found.system
    bot = system.control.bots()["Terminal"]
    found.tokens["a token reset at Discord"] = system.control.reset_token(bot.id)
    system.control.close(bot.id, 4004)
    page = f"/admin/bots/{_bot_id(system, 'Terminal')}/"
    system.wait(lambda: "does not accept" in found.browser.get(page).text, "the bot is held")
    # People are told of it, through a channel at which nothing arrives.
    system.wait(lambda: "Not told" in found.browser.get("/admin/").text, "the channel is switched off")


def _take_secrets(found: Canaries) -> None:
    system, browser = found.system, found.browser
    found.tokens["a secret of a step"] = SECRET
    bot_id = _bot_id(system, "Greenhouse")
    url = f"/admin/bots/{bot_id}/secrets"
    assert "is sealed" in browser.post(url, name="key", host="api.example.com", value=SECRET).text
    for wrong in ({"name": "Bad Name"}, {"host": "127.0.0.1"}, {"value": f"{SECRET}\r\nX: 1"}):
        given = {"name": "key", "host": "api.example.com", "value": SECRET} | wrong
        assert browser.post(url, **given).status_code == 422
    system.flask_ok("secrets", "set", "Greenhouse", "cli", "--host", "api.example.com", typed=SECRET)


def _take_webhooks(found: Canaries) -> None:
    """An alert channel whose webhook Discord does not know, so that a test of it fails."""
    system, browser = found.system, found.browser
    found.tokens["an alert channel"] = WEBHOOK
    url = f"http://127.0.0.1:{system.ports['sandbox']}/api/webhooks/4711/{WEBHOOK}"
    form = {"name": "On call", "place": "all"}
    for wrong in (
        url.replace("/api/", "/other/"),
        f"{url} {WEBHOOK}",
        url.replace("127.0.0.1", "evil.example"),
    ):
        page = browser.post("/admin/alerts/channels/new/", address=wrong, **form)
        assert page.status_code == 422
    page = browser.post("/admin/alerts/channels/new/", address=url, **form)
    assert "Send a test" in page.text
    channel = page.url.partition("?id=")[2]
    answer = browser.post(f"/admin/alerts/channels/test/?id={channel}").url
    system.wait(lambda: "not there any more" in browser.get(answer).text, "the test was answered")
    browser.post("/admin/alerts/channels/export/")


def _run_a_command(found: Canaries) -> None:
    system, browser = found.system, found.browser
    bot = system.control.bots()["Greenhouse"]
    page = f"/admin/bots/{_bot_id(system, 'Greenhouse')}"
    system.wait(lambda: "Online" in browser.get(f"{page}/").text, "the bot is online")
    system.wait_registered(bot.id, 1)
    command = browser.get(f"{page}/commands").text.partition("<code>/")[2].partition("<")[0]
    system.control.invoke(command, user_id=MARA, channel_id=system.channel(), bot_id=bot.id)
    system.wait(lambda: f"/{command}" in browser.get(f"{page}/logs").text, "the run is in the log")


def _rotate_delete_and_restore(found: Canaries) -> None:
    system, browser = found.system, found.browser
    assert "sealed to test." in system.flask_ok("secrets", "rotate")
    bot_id = _bot_id(system, "Rollcall")
    found.tokens["a deleted bot's token"] = system.control.bots()["Rollcall"].token
    browser.post(f"/admin/bots/{bot_id}/delete", name="Rollcall")
    assert "is back" in browser.post(f"/admin/bots/deleted/{bot_id}/restore").text
    browser.post("/admin/bots/export/")


def _bot_id(system: System, name: str) -> str:
    lines = system.flask_ok("bots", "list", "--json").splitlines()
    line = next(line for line in lines if f'"{name}"' in line)
    return line.partition('"id": "')[2].partition('"')[0]
