import base64
import hashlib
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api
from tests.integration.sandbox.conftest import CALLBACK

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Browser:
    """Goes through the consent page as a person does."""

    def __init__(self, sandbox: RunningSandbox, session: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._session = session

    async def open(self, **query: str) -> tuple[aiohttp.ClientResponse, str]:
        base = {
            "client_id": self._sandbox.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "identify guilds",
            "state": "s t&a=te",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        asked = {name: value for name, value in (base | query).items() if value}
        async with self._session.get(
            self._sandbox.authorize_url, params=asked, allow_redirects=False
        ) as response:
            return response, await response.text()

    async def answer(self, ticket: str, person: str = "1001", **headers: str) -> aiohttp.ClientResponse:
        form = {"ticket": ticket, "person": person}
        async with self._session.post(
            self._sandbox.authorize_url, data=form, allow_redirects=False, headers=headers
        ) as response:
            await response.read()
            return response

    async def consent(self, person: str = "1001", **query: str) -> dict[str, str]:
        _, page = await self.open(**query)
        response = await self.answer(ticket_in(page), person)
        assert response.status == 302
        return sent_back(response)

    async def trade(self, **form: str) -> tuple[int, dict[str, Any]]:
        base = {
            "grant_type": "authorization_code",
            "client_id": self._sandbox.client_id,
            "client_secret": self._sandbox.client_secret,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        async with self._session.post(self._sandbox.token_url, data=base | form) as response:
            assert response.headers["Content-Type"] == "application/json"
            return response.status, await response.json()


def ticket_in(page: str) -> str:
    found = re.search(r'name="ticket" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def sent_back(response: aiohttp.ClientResponse) -> dict[str, str]:
    location = response.headers["Location"]
    assert location.startswith(CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.fixture
def browser(sandbox: RunningSandbox, session: aiohttp.ClientSession) -> Browser:
    return Browser(sandbox, session)


async def test_person_signs_in_and_is_known(browser: Browser, nobody: Api) -> None:
    given = await browser.consent("1003")
    status, tokens = await browser.trade(code=given["code"])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    me = await nobody("GET", "/users/@me", headers=headers)
    guilds = await nobody("GET", "/users/@me/guilds", headers=headers)

    assert given["state"] == "s t&a=te"
    assert status == 200
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "identify guilds")
    assert (me.value["id"], me.value["username"]) == ("1003", "priya")
    assert [guild["id"] for guild in guilds.value] == ["2001", "2002"]


async def test_access_token_opens_nothing_else(browser: Browser, nobody: Api) -> None:
    given = await browser.consent(scope="identify")
    _, tokens = await browser.trade(code=given["code"])
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    guilds = await nobody("GET", "/users/@me/guilds", headers=headers)
    channel = await nobody("GET", "/channels/3002", headers=headers)
    as_bot = await nobody("GET", "/users/@me", headers={"Authorization": f"Bot {tokens['access_token']}"})

    assert (guilds.status, guilds.number, channel.status, as_bot.status) == (403, 50001, 401, 401)


async def test_page_names_people_and_wishes_and_has_no_script(browser: Browser) -> None:
    response, page = await browser.open()

    for text in ("Who are you today?", "Mara", "Jonas", "Priya", "Theo", "see which servers you are in"):
        assert text in page
    policy = response.headers["Content-Security-Policy"]
    assert "<script" not in page
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:5000;" in policy
    assert response.headers["Cache-Control"] == "no-store"


async def test_cancel_goes_back_with_access_denied(browser: Browser) -> None:
    given = await browser.consent(person="")

    assert given == {"error": "access_denied", "state": "s t&a=te"}


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "",
        "https://evil.example/login/discord/authorized",
        CALLBACK + "/",
        CALLBACK + "?next=x",
        "//evil.example",
        "javascript:alert(1)",
        "http://127.0.0.1:5000@evil.example/",
    ],
)
async def test_unregistered_redirect_is_shown_and_never_followed(browser: Browser, redirect_uri: str) -> None:
    response, page = await browser.open(redirect_uri=redirect_uri)

    assert response.status == 400
    assert "Location" not in response.headers
    assert "not one that the application registered" in page
    assert "evil.example" not in page


@pytest.mark.parametrize("client_id", ["", "1", "5001x", "²", "9" * 5000, "<script>"])
async def test_unknown_client_is_shown(browser: Browser, client_id: str) -> None:
    response, page = await browser.open(client_id=client_id)

    assert response.status == 400
    assert "No application with this client id" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "identify admin"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
    ],
)
async def test_wrong_request_goes_back_with_its_error(
    browser: Browser, query: dict[str, str], error: str
) -> None:
    response, _ = await browser.open(**query)

    assert sent_back(response) == {"error": error, "state": "s t&a=te"}


async def test_ticket_works_once(browser: Browser) -> None:
    _, page = await browser.open()
    first = await browser.answer(ticket_in(page))
    second = await browser.answer(ticket_in(page))
    forged = await browser.answer("0" * 32)

    assert (first.status, second.status, forged.status) == (302, 400, 400)


@pytest.mark.parametrize("person", ["9999", "5001", "<b>"])
async def test_only_demo_people_can_be_chosen(browser: Browser, person: str) -> None:
    _, page = await browser.open()
    response = await browser.answer(ticket_in(page), person)

    assert response.status == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_consent_from_a_foreign_page_is_refused(browser: Browser, origin: str) -> None:
    _, page = await browser.open()
    response = await browser.answer(ticket_in(page), Origin=origin)

    assert response.status == 403


async def test_code_works_once(browser: Browser) -> None:
    given = await browser.consent()
    first, _ = await browser.trade(code=given["code"])
    second, refusal = await browser.trade(code=given["code"])

    assert (first, second, refusal["error"]) == (200, 400, "invalid_grant")


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "http://localhost:5000/"}, 400, "invalid_grant"),
        ({"code": "wrong"}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "5001"}, 401, "invalid_client"),
        ({"client_id": "x"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_wrong_trade_is_refused(
    browser: Browser, form: dict[str, str], status: int, error: str
) -> None:
    given = await browser.consent()

    answer = await browser.trade(**{"code": given["code"], **form})

    assert (answer[0], answer[1]["error"]) == (status, error)


async def test_secret_may_come_by_basic(
    browser: Browser, sandbox: RunningSandbox, session: aiohttp.ClientSession
) -> None:
    given = await browser.consent()
    form = {
        "grant_type": "authorization_code",
        "redirect_uri": CALLBACK,
        "code": given["code"],
        "code_verifier": VERIFIER,
    }
    credentials = base64.b64encode(f"{sandbox.client_id}:{sandbox.client_secret}".encode()).decode()

    async with session.post(
        sandbox.token_url, data=form, headers={"Authorization": f"Basic {credentials}"}
    ) as response:
        assert response.status == 200
    async with session.post(sandbox.token_url, data=form, headers={"Authorization": "Basic ???"}) as response:
        assert response.status == 401


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "x"]
)
async def test_body_that_is_no_form_is_refused(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, kind: str
) -> None:
    expected = {sandbox.token_url: 401, f"{sandbox.token_url}/revoke": 401, sandbox.authorize_url: 400}
    for address, status in expected.items():
        async with session.post(address, data=b"{", headers={"Content-Type": kind}) as response:
            assert response.status == status


async def test_refresh_gives_a_new_pair_and_ends_the_old(browser: Browser, nobody: Api) -> None:
    given = await browser.consent()
    _, old = await browser.trade(code=given["code"])
    status, new = await browser.trade(grant_type="refresh_token", refresh_token=old["refresh_token"])
    again, _ = await browser.trade(grant_type="refresh_token", refresh_token=old["refresh_token"])

    assert (status, again) == (200, 400)
    for tokens, expected in ((old, 401), (new, 200)):
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await nobody("GET", "/users/@me", headers=headers)).status == expected


async def test_revoked_token_is_dead(
    browser: Browser, nobody: Api, sandbox: RunningSandbox, session: aiohttp.ClientSession
) -> None:
    given = await browser.consent()
    _, tokens = await browser.trade(code=given["code"])
    form = {
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "token": tokens["access_token"],
    }
    async with session.post(f"{sandbox.token_url}/revoke", data=form) as response:
        assert response.status == 200
    async with session.post(f"{sandbox.token_url}/revoke", data=form | {"client_secret": "x"}) as response:
        assert response.status == 401

    answer = await nobody("GET", "/users/@me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert answer.status == 401


async def test_token_calls_are_seen_without_their_secrets(browser: Browser, sandbox: RunningSandbox) -> None:
    given = await browser.consent()
    await browser.trade(code=given["code"])

    seen = sandbox.control.calls(path="/oauth2/token")

    assert [(item["status"], item["body"]) for item in seen] == [(200, "")]
