import re

import pytest

from tests.unit.web.conftest import MakeSite, Site

PATHS = ["/", "/login", "/healthz", "/readyz", "/static/css/tokens.css", "/no-such-page", "/fails"]


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """Give an application that takes routes of its own."""
    return make_site()


@pytest.fixture
def failing(site: Site) -> Site:
    @site.app.get("/fails")
    def fail() -> str:
        raise RuntimeError

    return site


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_browsers_limits(failing: Site, path: str) -> None:
    headers = failing.client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Request-ID"]


def test_each_answer_has_a_nonce_of_its_own(site: Site) -> None:
    policies = [site.client.get("/").headers["Content-Security-Policy"] for _ in range(2)]
    nonces = [re.findall(r"'nonce-([\w-]{20,})'", policy) for policy in policies]
    assert len(nonces[0]) == len(nonces[1]) == 1
    assert nonces[0] != nonces[1]


def test_pages_bring_no_code_or_style_of_their_own(site: Site) -> None:
    page = site.client.get("/login").text
    assert "<script" not in page
    assert "<style" not in page
    assert "style=" not in page


def test_pages_are_not_stored_by_browsers(site: Site) -> None:
    assert site.client.get("/").headers["Cache-Control"] == "no-store"


def test_https_is_remembered_only_where_there_is_https(make_site: MakeSite) -> None:
    plain = make_site().client.get("/")
    assert "Strict-Transport-Security" not in plain.headers
    secure = make_site(PUBLIC_URL="https://panel.example").client.get(
        "/nothing", headers={"Host": "panel.example"}
    )
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:5000", "127.0.0.1:80", "[::1]", "[::1]:5000"])
def test_own_names_are_answered(site: Site, host: str) -> None:
    assert site.client.get("/login", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.localhost",
        "",
        "localhost:x",
        "[::2]",
        "127.0.0.1@evil",
        "localhost ",
    ],
)
def test_other_names_are_refused(site: Site, host: str) -> None:
    answer = site.client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]


def test_a_forwarded_host_counts_only_behind_a_trusted_proxy(make_site: MakeSite) -> None:
    headers = {"Host": "127.0.0.1", "X-Forwarded-Host": "evil.example"}
    assert make_site().client.get("/login", headers=headers).status_code == 200
    assert make_site(TRUSTED_PROXIES="1").client.get("/", headers=headers).status_code == 400


def test_a_body_over_two_megabytes_is_refused_unread(site: Site) -> None:
    answer = site.client.post("/", data=b"x" * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "2 MB" in answer.text
