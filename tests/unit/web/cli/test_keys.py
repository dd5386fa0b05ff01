import json
import re

import pytest

from socialcube.domain.accounts.types import BuiltInRole
from tests.factories.accounts import make_user
from tests.factories.bots import make_bot
from tests.unit.web.conftest import Site

KEY = re.compile(r"^sc_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$", re.MULTILINE)


@pytest.fixture
def people(site: Site) -> Site:
    """Give a site with an owner, a bot, and somebody who may nothing."""
    with site.unit() as uow:
        make_user(uow, "mara", role=BuiltInRole.OWNER, external_id=1001)
        make_user(uow, "theo", external_id=1004)
        make_bot(uow.session, name="Fern")
        uow.commit()
    return site


def make(site: Site, *more: str) -> str:
    result = site.run("keys", "make", "Night script", "--for", "1001", "--may", "bot.view", *more)
    assert result.exit_code == 0, result.output
    (found,) = KEY.findall(result.output)
    return str(found)


def ask(site: Site, key: str) -> int:
    return site.client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_key_is_made_listed_rotated_and_revoked(people: Site) -> None:
    key = make(people, "--bot", "Fern", "--days", "7")
    assert ask(people, key) == 200
    listed = people.run("keys", "list").output
    assert key[3:11] in listed
    assert key not in listed
    (row,) = [json.loads(line) for line in people.run("keys", "list", "--json").output.splitlines()]
    assert (row["name"], row["state"], row["may"], row["bots"]) == (
        "Night script",
        "live",
        "bot.view",
        "Fern",
    )
    assert (row["made by"], row["ends"][:10]) == ("Mara", "2026-01-09")

    rotated = people.run("keys", "rotate", key[3:11], "--hours", "0")
    (fresh,) = KEY.findall(rotated.output)
    people.clock.advance(2)
    assert [ask(people, each) for each in (key, fresh)] == [401, 200]

    assert people.run("keys", "revoke", f"sc_{key[3:11]}").exit_code == 0
    people.clock.advance(2)
    assert ask(people, fresh) == 401
    assert "revoked" in people.run("keys", "list").output


def test_a_script_takes_the_key_alone(people: Site) -> None:
    result = people.run("keys", "make", "Deploy", "--for", "1001", "--may", "log.view")
    assert KEY.fullmatch(result.stdout.strip())
    assert "acts for Mara until 2026-04-02" in result.stderr


def test_an_empty_list_says_how_to_make_one(site: Site) -> None:
    assert "keys make --help" in site.run("keys", "list").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("make", "x", "--for", "1004", "--may", "bot.view"), "apikey.manage"),
        (("make", "x", "--for", "9", "--may", "bot.view"), "no person 9"),
        (("make", "x", "--for", "1001", "--may", "site.admin"), "Invalid value"),
        (("make", "x", "--for", "1001", "--may", "bot.view", "--bot", "Moss"), "Moss"),
        (("make", "x", "--for", "1001", "--may", "bot.view", "--days", "366"), "Invalid value"),
        (("make", "x", "--for", "1001"), "Missing option"),
        (("rotate", "00000000"), "no API key 00000000"),
        (("revoke", "nonsense"), "no API key nonsense"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(people: Site, words: tuple[str, ...], said: str) -> None:
    result = people.run("keys", *words)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output
