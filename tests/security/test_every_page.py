"""Every address is asked once by an owner, over https; then what came back and what stayed is looked at."""

import re
from dataclasses import dataclass

import pytest
from werkzeug.test import TestResponse

from tests.security.conftest import PUBLIC_URL, Panel, ask
from tests.support.routes import Door
from tests.support.tables import Tables, changed, snapshot

NOT_COUNTED = ("user_sessions.last_seen_at", "user_sessions.data", "users.last_seen_at")
"""That somebody is here is written down; so are notices, and sign-ins that were begun."""

STRANGE = ("/no-such-page", "/admin/no-such-page", "/static/nothing.css", "/admin/bots/details/?id=nobody")


@dataclass(frozen=True)
class Crawl:
    """All answers, and the database before and after."""

    answers: list[tuple[str, TestResponse]]
    before: Tables
    after: Tables

    def pages(self) -> list[tuple[str, TestResponse]]:
        """Give the answers that a browser shows."""
        return [(path, answer) for path, answer in self.answers if answer.mimetype == "text/html"]


@pytest.fixture(scope="module")
def crawl(panel: Panel) -> Crawl:
    client = panel.visit()
    engine = panel.site.services.shared.engine
    paths = [panel.path(door) for door in _readable(panel)]
    row = f"?id={panel.house.own.bot_id}"
    paths += [path + row for path in paths if path.endswith(("/details/", "/edit/", "/delete/"))]
    before = snapshot(engine, without=NOT_COUNTED)
    answers = [(path, ask(client, path)) for path in (*paths, *STRANGE)]
    answers.append(("POST without a token", ask(client, "/logout", "POST", headers={"X-CSRFToken": ""})))
    answers.append(("unknown host", client.get("/", base_url="https://evil.example")))
    return Crawl(answers, before, snapshot(engine, without=NOT_COUNTED))


def test_all_addresses_were_reached(crawl: Crawl) -> None:
    statuses = [answer.status_code for _, answer in crawl.answers]
    broken = [path for path, answer in crawl.answers if answer.status_code == 500]
    assert broken == []
    assert statuses.count(200) > 30
    assert {200, 302, 400, 404} <= set(statuses)


def test_asvs_3_5_3_reading_changes_nothing(crawl: Crawl) -> None:
    assert len(crawl.before) > 20
    assert crawl.before["bots"]
    assert changed(crawl.before, crawl.after) == {}


def test_asvs_3_4_1_https_is_remembered_for_a_year_whatever_was_asked(crawl: Crawl) -> None:
    for path, answer in crawl.answers:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path


def test_asvs_3_4_3_scripts_come_from_here_or_carry_the_nonce(crawl: Crawl) -> None:
    for path, answer in crawl.answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        assert "default-src 'none'" in policy, path
        if answer.mimetype != "text/html":
            continue
        if "script-src" not in policy:
            continue  # A picture's policy takes no script at all.
        assert {"object-src 'none'", "base-uri 'none'"} <= set(policy.split("; ")), path
        nonce = re.search(r"script-src 'self' 'nonce-([\w-]{20,})'", policy)
        assert nonce is not None, path
        for script in re.findall(r"<script\b[^>]*>", answer.text):
            assert "src=" in script or f'nonce="{nonce[1]}"' in script, path
        assert not re.search(r"<[^>]+\s(?:on[a-z]+|style)=", answer.text), path
        assert "<style" not in answer.text, path


def test_asvs_3_4_6_nobody_frames_a_page(crawl: Crawl) -> None:
    for path, answer in crawl.answers:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["X-Frame-Options"] == "DENY", path


def test_asvs_3_4_4_browsers_guess_no_types(crawl: Crawl) -> None:
    assert {answer.headers["X-Content-Type-Options"] for _, answer in crawl.answers} == {"nosniff"}


def test_asvs_3_3_1_3_3_3_3_3_4_cookies_belong_to_this_host_alone(crawl: Crawl) -> None:
    cookies = [cookie for _, answer in crawl.answers for cookie in answer.headers.getlist("Set-Cookie")]
    for cookie in cookies:
        parts = {part.strip().partition("=")[0].lower() for part in cookie.split(";")[1:]}
        assert cookie.startswith("__Host-"), cookie
        assert {"secure", "httponly", "path", "samesite"} <= parts, cookie
        assert "domain" not in parts, cookie
        assert "Path=/" in cookie


def test_asvs_3_3_2_the_session_is_lax_and_a_proof_strict(panel: Panel) -> None:
    old = panel.site.clock.now().replace(year=2020)
    client = panel.visit("Priya", signed_in_at=old)
    proof = ask(client, "/login/again?next=/").headers["Set-Cookie"]
    assert proof.startswith("__Host-sc-again=")
    assert "SameSite=Strict" in proof
    begun = panel.site.client.get("/login/discord", base_url=PUBLIC_URL).headers["Set-Cookie"]
    assert begun.startswith("__Host-sc=")
    assert "SameSite=Lax" in begun
    gone = ask(panel.visit("Theo"), "/logout", "POST").headers["Set-Cookie"]
    assert gone.startswith("__Host-sc=;")
    assert "SameSite=Lax" in gone


def _readable(panel: Panel) -> list[Door]:
    return [door for door in panel.doors if "GET" in door.methods and not door.is_file]
