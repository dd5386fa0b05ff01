"""People at their browsers: they go through the real consent page and come back."""

import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from socialcube.sandbox.running import RunningSandbox

PUBLIC_URL: Final = "http://127.0.0.1:5000"
CALLBACK: Final = f"{PUBLIC_URL}/login/discord/authorized"
MARA: Final = "1001"
JONAS: Final = "1002"

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_TICKET: Final = re.compile(r'name="ticket" value="([0-9a-f]+)"')


@dataclass
class Visitor:
    """One browser with its cookies."""

    app: Flask
    sandbox: RunningSandbox
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, base_url=PUBLIC_URL, **options)

    def post(self, path: str, *, page: str = "", **form: str) -> TestResponse:
        """Send a form as the page at `page` has it."""
        found = _TOKEN.search(self.get(page or path).text)
        assert found is not None
        return self.client.post(path, base_url=PUBLIC_URL, data={"csrf_token": found[1], **form})

    def leave(self, wanted: str = "") -> str:
        """Press the button. Gives the address of Discord's consent page."""
        answer = self.get("/login/discord", query_string={"next": wanted} if wanted else {})
        assert answer.status_code == 302, answer.text
        return str(answer.location)

    def allow(self, consent: str, person: str = MARA) -> str:
        """Answer the consent page. Gives the path that Discord sends the browser to; nobody is a refusal."""
        page = requests.get(consent, timeout=30)
        ticket = _TICKET.search(page.text)
        assert ticket is not None, page.text
        answer = requests.post(
            self.sandbox.authorize_url,
            data={"ticket": ticket[1], "person": person},
            allow_redirects=False,
            timeout=30,
        )
        location = answer.headers["Location"]
        assert location.startswith(CALLBACK)
        return location.removeprefix(PUBLIC_URL)

    def sign_in(self, person: str = MARA, wanted: str = "") -> TestResponse:
        """Go the whole way."""
        return self.get(self.allow(self.leave(wanted), person))

    @property
    def cookie(self) -> str:
        """Give what the browser holds, empty for nothing."""
        found = self.client.get_cookie("sc", domain="127.0.0.1")
        return found.value if found else ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.set_cookie("sc", value, domain="127.0.0.1")

    def is_signed_in(self) -> bool:
        """Tell whether the panel knows who this is."""
        return bool(self.get("/").location != "/login")


def query_of(address: str) -> dict[str, str]:
    """Give the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
