"""Discord lists somebody's servers once, when they ask for it; the panel keeps those it has a use for."""

import pytest
from flask import Flask

from socialcube.domain.access.types import Actor
from socialcube.domain.guilds import service
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, HARBOR
from socialcube.web.context import services_of
from tests.factories.bots import make_bot
from tests.factories.guilds import make_guild
from tests.integration.web.auth.visitors import JONAS, Visitor, query_of

THEO = "1004"
START = "/login/discord/servers"


@pytest.fixture(autouse=True)
def open_servers(app: Flask) -> None:
    """Let managers in on Fern Street and in the Harbor Club, and in a server that nobody here is in."""
    with services_of(app).shared.unit_of_work() as uow:
        bot_id = make_bot(uow.session, name="Greenhouse").id
        for external_id, name in ((FERN, "Fern Street"), (HARBOR, "Harbor Club"), (7, "Elsewhere")):
            service.sync_guild(uow, bot_id, "discord", make_guild(external_id=external_id, name=name))
        service.set_manager_rules(uow, Actor.system("tests"), bot_id, is_open=True, may_switch_commands=False)
        uow.commit()


@pytest.fixture
def jonas(visitor: Visitor, sandbox: RunningSandbox) -> Visitor:
    visitor.sign_in(JONAS)
    sandbox.control.clear_calls()
    return visitor


def find(visitor: Visitor, person: str = JONAS) -> str:
    """Press the button and answer Discord. Gives the path that Discord leads back to."""
    consent = visitor.get(START)
    assert consent.status_code == 302
    assert query_of(consent.location)["scope"] == "identify guilds"
    return visitor.allow(consent.location, person)


def test_the_servers_that_one_manages_are_listed_and_no_others(jonas: Visitor) -> None:
    assert jonas.get(find(jonas)).location == "/manage/"
    page = jonas.get("/manage/").text
    # He is crew in the Harbor Club, which is not enough.
    assert "Fern Street" in page
    assert "Harbor Club" not in page
    assert "Elsewhere" not in page


def test_the_token_is_handed_back_and_nobody_is_signed_in_anew(
    jonas: Visitor, sandbox: RunningSandbox
) -> None:
    before = jonas.cookie
    jonas.get(find(jonas))
    assert jonas.cookie == before
    routes = [call["route"] for call in sandbox.control.calls() if call["status"] == 200]
    assert [route for route in routes if "oauth2/token" in route or "@me" in route] == [
        "/api/oauth2/token",
        "/users/@me",
        "/users/@me/guilds",
        "/api/oauth2/token/revoke",
    ]


def test_a_listed_server_still_needs_the_word_of_a_bot(jonas: Visitor) -> None:
    jonas.get(find(jonas))
    page = jonas.get(f"/manage/{FERN}/")
    assert "Asking Discord" in page.text
    assert jonas.get(f"/manage/{FERN}/check").json == {"standing": "unchecked"}
    jonas.post(f"/manage/{FERN}/check", page=f"/manage/{FERN}/")
    # Its bot is offline, and who manages the server may know that.
    assert jonas.get(f"/manage/{FERN}/check").json == {"standing": "offline"}


def test_somebody_elses_list_is_not_kept(jonas: Visitor) -> None:
    answer = jonas.get(find(jonas, "1001"))
    assert answer.status_code == 403
    assert "somebody else" in answer.text
    assert "Fern Street" not in jonas.get("/manage/").text


def test_who_refuses_reads_what_else_to_do(jonas: Visitor) -> None:
    answer = jonas.get(find(jonas, ""))
    assert answer.status_code == 403
    assert "none could be found" in answer.text
    assert jonas.is_signed_in()


def test_who_manages_nothing_reads_why_the_list_is_empty(visitor: Visitor) -> None:
    visitor.sign_in(THEO)
    visitor.get(find(visitor, THEO))
    assert "None of your servers has a bot to set up here" in visitor.get("/manage/").text


def test_only_who_is_signed_in_is_sent_to_discord(visitor: Visitor) -> None:
    assert visitor.get(START).location == f"/login?next={START}"
