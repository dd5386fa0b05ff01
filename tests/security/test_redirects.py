"""No address of the panel leads to another site, whatever it is told."""

import re
from urllib.parse import urlencode, urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.security.conftest import HOST, PUBLIC_URL, Panel, ask
from tests.support.routes import Door

EVIL = (
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/admin/",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/%0d%0aLocation: https://evil.example",
)
NAMES = ("next", "url", "return_url", "redirect", "back", "to")
OWN_WAY = "discord."
"""Addresses of this part lead to Discord; a test of its own looks at them."""


def leads_out(answer: TestResponse) -> bool:
    if answer.location and urlsplit(answer.location).netloc not in {"", HOST}:
        return True
    return bool(re.search(r"""(?:href|action|src)=["'](?:[a-z]*:)?[/\\]*evil\.example""", answer.text))


@pytest.mark.parametrize("evil", EVIL[:2])
def test_asvs_3_7_2_no_page_leads_elsewhere(panel: Panel, evil: str) -> None:
    client, seen = panel.visit(), 0
    query = urlencode(dict.fromkeys(NAMES, evil))
    for door in panel.doors:
        if "GET" not in door.methods or door.is_file or door.endpoint.startswith(OWN_WAY):
            continue
        answer = ask(client, f"{panel.path(door)}?{query}")
        assert not leads_out(answer), (door.path_rule, answer.location)
        seen += 1
    assert seen > 40


def test_asvs_3_7_2_no_form_leads_elsewhere(panel: Panel) -> None:
    client, evil = panel.visit(), EVIL[0]
    form = dict.fromkeys(NAMES, evil)
    headers = {"Referer": f"{PUBLIC_URL}{evil}", "X-CSRFToken": client.csrf_token()}
    seen = 0
    for door in sorted((door for door in panel.doors if "POST" in door.methods), key=_ends_session):
        path = f"{panel.path(door)}?{urlencode(form)}"
        answer = ask(client, path, "POST", data=form, headers=headers)
        assert not leads_out(answer), (door.path_rule, answer.location)
        seen += answer.status_code != 400
    assert seen > 20


@pytest.mark.parametrize("evil", EVIL)
def test_asvs_3_7_2_the_way_in_leads_back_inside(panel: Panel, evil: str) -> None:
    client = panel.visit()
    query = urlencode({"next": evil})
    assert ask(client, f"/login?{query}").location in {"/", "/%250d%250aLocation:%20https://evil.example"}
    led_past = ask(client, f"/login/discord?{query}")
    assert led_past.location in {"/", "/%250d%250aLocation:%20https://evil.example"}
    begun = panel.site.client.get(f"/login/discord?{query}", base_url=PUBLIC_URL)
    assert urlsplit(begun.location).netloc == "discord.com"
    assert "evil" not in begun.location
    asked = ask(client, f"/login/again?{query}")
    assert urlsplit(asked.location).netloc == ""
    assert asked.location.startswith("/")
    assert not asked.location.startswith("//")


def _ends_session(door: Door) -> bool:
    return "logout" in door.path_rule or "session" in door.path_rule
