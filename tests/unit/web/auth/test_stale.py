"""A form whose token is too old: what was typed comes back, to be looked over and sent again."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from socialcube.domain.bots import queries as bots
from tests.factories.bots import make_bot
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", "X-CSRFToken": ""}
TYPED = {"name": 'Fern <the "second">', "description": "One\nTwo", "tags": "night", "version": "1"}
WORDS = "The page was too old to be sent"


@pytest.fixture
def client(site: Site) -> SignedInClient:
    return sign_in(site.app)


def edit_url(site: Site) -> str:
    with site.unit() as uow:
        bot_id = make_bot(uow.session, name="Fern").id
        uow.commit()
    return f"/admin/bots/edit/?id={bot_id}"


def send(client: SignedInClient, url: str, typed: dict[str, Any], **headers: str) -> TestResponse:
    """Send a form with the token of a session that is over."""
    return client.post(url, data={"csrf_token": "old", **typed}, headers=HERE | headers)


def fields(page: str) -> dict[str, str]:
    """Read what the button of the page would send."""
    form = re.findall(r"<form[^>]*>(.*?)</form>", page, re.DOTALL)[-1]
    inputs = re.findall(r"<input([^>]*)>", form, re.DOTALL)
    found = {}
    for attributes in inputs:
        named = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        found[named["name"]] = unescape(named.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(value)
    return found


def test_what_was_typed_comes_back_and_is_saved_once_it_is_sent_again(
    site: Site, client: SignedInClient
) -> None:
    url = edit_url(site)
    answer = send(client, url, TYPED)
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert "Look over what you typed and save again." in answer.text
    assert f'action="{url}"' in answer.text
    assert "You are signed in as Mara." in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"
    shown = fields(answer.text)
    token = shown.pop("csrf_token")
    assert shown == TYPED
    with site.unit() as uow:
        assert [bot.name for bot in bots.list_bots(uow.session)] == ["Fern"]
    again = client.post(url, data={**shown, "csrf_token": token}, headers=HERE)
    assert again.status_code == 303
    with site.unit() as uow:
        [bot] = bots.list_bots(uow.session)
    assert (bot.name, bot.description, bot.tags) == ('Fern <the "second">', "One\nTwo", ("night",))


def test_each_value_of_a_name_comes_back_and_so_does_a_form_of_our_own(client: SignedInClient) -> None:
    data = {"name": "Ops", "permissions": ["bot.view", "log.view"], "description": ""}
    page = send(client, "/admin/roles/new/", data).text
    assert [value for value in data["permissions"] if f'value="{value}"' in page] == data["permissions"]
    assert 'value="+1"' in send(client, "/account/preferences", {"time_zone": "+1"}).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_what_another_site_sends_is_not_offered(
    site: Site, client: SignedInClient, headers: dict[str, str]
) -> None:
    answer = send(client, edit_url(site), TYPED, **headers)
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert "Reload it, then send it again." in answer.text
    assert "second" not in answer.text
    assert "csrf_token" not in answer.text


def test_a_browser_that_tells_only_the_origin_is_believed(site: Site, client: SignedInClient) -> None:
    headers = {name: value for name, value in HERE.items() if name != "Sec-Fetch-Site"}
    answer = client.post(edit_url(site), data=TYPED, headers=headers)
    assert fields(answer.text)["tags"] == "night"


def test_secrets_are_not_shown_again(client: SignedInClient) -> None:
    webhook = "https://discord.com/api/webhooks/1/" + "x" * 68
    typed = {"token": "a.secret.token", "value": "s3cret", "address": "hidden@x.example", "note": webhook}
    page = send(client, "/admin/bots/new/token", {**typed, "name": "Fern"}).text
    assert [text for text in typed.values() if text in page] == []
    assert page.count('type="password"') == 4
    assert fields(page)["name"] == "Fern"


def test_a_text_that_holds_a_secret_is_asked_for_again_in_full(client: SignedInClient) -> None:
    webhook = "https://discord.com/api/webhooks/1/" + "x" * 68
    page = send(client, "/admin/commands/import", {"text": f"name: hello\ntext: {webhook}", "file": ""}).text
    assert webhook not in page
    assert re.search(r"<textarea[^>]*name=.text.[^>]*required", page)


def test_an_address_too_long_to_be_sent_to_again_is_told_to_reload(client: SignedInClient) -> None:
    page = send(client, f"/admin/bots/new/token?url={'x' * 3000}", {"name": "Fern"}).text
    assert "Fern" not in page


def test_a_file_is_asked_for_again(client: SignedInClient) -> None:
    file = (BytesIO(b"name: hello"), "greeting.yaml")
    page = send(client, "/admin/commands/import", {"text": "more", "file": file}).text
    assert "Choose greeting.yaml again." in page
    assert 'enctype="multipart/form-data"' in page


def test_who_is_signed_out_keeps_the_words_but_gets_no_token(site: Site) -> None:
    url, stranger = edit_url(site), site.client
    answer = stranger.post(url, data={"csrf_token": "old", **TYPED}, headers=HERE)
    assert answer.status_code == 400
    assert "You are signed out." in answer.text
    assert fields(answer.text) == TYPED


def test_programs_and_forms_with_nothing_in_them_are_told_to_reload(
    site: Site, client: SignedInClient
) -> None:
    url = edit_url(site)
    answer = send(client, url, TYPED, Accept="application/json")
    assert answer.get_json()["error"]["code"] == "stale_form"
    assert "Reload it" in send(client, url, {}).text
    assert "Reload it" in send(client, "/logout", {"more": "1"}).text
