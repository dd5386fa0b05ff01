"""What a proxy says about a request counts for exactly as many proxies as the settings name."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import request, url_for

from tests.security.conftest import HOST, PUBLIC_URL
from tests.unit.web.conftest import MakeSite, Site

FORGED = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-IP": "198.51.100.7",
    "Forwarded": "for=198.51.100.7;host=evil.example;proto=gopher",
    "X-Original-URL": "/healthz",
    "X-HTTP-Method-Override": "GET",
}


@dataclass
class Seen:
    """What the application believes about each request."""

    site: Site
    facts: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, **options: Any) -> dict[str, Any]:
        """Ask for a page that counts tries, and give what was believed."""
        self.site.app.test_client().get("/login/discord", **options)
        return self.facts[-1] | {
            "counted": [who for name, who in self.site.limits.tries if name == "sign-in"]
        }


def watch(site: Site) -> Seen:
    seen = Seen(site)

    def note() -> None:
        seen.facts.append(
            {
                "address": request.remote_addr,
                "host": request.host,
                "scheme": request.scheme,
                "link": url_for("auth.sign_in", _external=True),
                "method": request.method,
                "path": request.path,
            }
        )

    site.app.before_request_funcs.setdefault(None, []).append(note)
    return seen


@pytest.fixture
def bare(make_site: MakeSite) -> Seen:
    """Give a panel with no proxy in front."""
    return watch(make_site())


@pytest.fixture
def behind(make_site: MakeSite) -> Seen:
    """Give a panel behind two proxies."""
    return watch(make_site(PUBLIC_URL=PUBLIC_URL, TRUSTED_PROXIES="2"))


def test_asvs_4_1_3_without_a_proxy_nothing_forwarded_is_believed(bare: Seen) -> None:
    believed = bare.ask(headers=FORGED)
    assert believed == {
        "address": "127.0.0.1",
        "host": "localhost",
        "scheme": "http",
        "link": "http://localhost/login",
        "method": "GET",
        "path": "/login/discord",
        "counted": ["127.0.0.1"],
    }


def test_asvs_15_3_4_a_caller_adds_nothing_to_what_two_proxies_say(behind: Seen) -> None:
    """The proxies append; whatever the caller wrote before them stands further left."""
    headers = FORGED | {
        "X-Forwarded-For": "198.51.100.7, 192.0.2.9, 10.0.0.2",
        "X-Forwarded-Host": f"evil.example, {HOST}, {HOST}",
        "X-Forwarded-Proto": "gopher, https, https",
    }
    believed = behind.ask(headers=headers, base_url="http://10.0.0.3")
    assert believed["address"] == "192.0.2.9"
    assert believed["counted"] == ["192.0.2.9"]
    assert (believed["host"], believed["scheme"]) == (HOST, "https")
    assert believed["link"] == f"{PUBLIC_URL}/login"


def test_asvs_15_3_4_the_key_of_a_limit_stays_whatever_the_caller_adds(behind: Seen) -> None:
    for number in range(5):
        headers = {
            "X-Forwarded-For": f"203.0.113.{number}, 192.0.2.9, 10.0.0.2",
            "X-Forwarded-Host": f"{HOST}, {HOST}",
            "X-Forwarded-Proto": "https, https",
        }
        behind.ask(headers=headers, base_url="http://10.0.0.3")
    assert {who for _, who in behind.site.limits.tries} == {"192.0.2.9"}
    assert sum(behind.site.limits.tries.values()) == 5


def test_asvs_4_1_3_a_header_with_too_few_entries_names_nobody(behind: Seen) -> None:
    """Somebody who reaches the panel past a proxy cannot fill in for it."""
    believed = behind.ask(headers={"X-Forwarded-For": "198.51.100.7"}, base_url=f"http://{HOST}")
    assert believed["address"] == "127.0.0.1"


def test_asvs_4_1_3_a_foreign_host_is_refused_wherever_it_stands(make_site: MakeSite) -> None:
    site = make_site(PUBLIC_URL=PUBLIC_URL, TRUSTED_PROXIES="1")
    client = site.app.test_client()
    assert client.get("/login", headers={"Host": HOST, "X-Forwarded-Host": "evil.example"}).status_code == 400
    assert client.get("/login", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/login", headers={"Host": HOST}).status_code == 200
