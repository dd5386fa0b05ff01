import logging
import pickle
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import text
from werkzeug.test import TestResponse

from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import queries
from socialcube.domain.accounts import service as accounts
from socialcube.sandbox.running import RunningSandbox
from socialcube.web.context import services_of
from tests.integration.web.auth.conftest import MakeApp, MakeVisitor
from tests.integration.web.auth.visitors import CALLBACK, JONAS, MARA, PUBLIC_URL, Visitor, query_of
from tests.support.valkey import RunningValkey


def assert_says(answer: TestResponse, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    for word in words:
        assert word in answer.text
    assert "Start again" in answer.text


def test_person_goes_to_discord_and_comes_back_as_owner(visitor: Visitor, app: Flask) -> None:
    consent = visitor.leave()
    asked = query_of(consent)
    answer = visitor.get(visitor.allow(consent))

    assert asked["scope"] == "identify"
    assert asked["redirect_uri"] == CALLBACK
    assert asked["code_challenge_method"] == "S256"
    assert (answer.status_code, answer.location) == (302, "/")
    assert visitor.get("/").location == "/admin/"
    with services_of(app).shared.reads() as session:
        assert queries.list_admin_names(session) == ["Mara"]


def test_the_token_of_the_person_is_handed_back(visitor: Visitor, sandbox: RunningSandbox) -> None:
    sandbox.control.clear_calls()
    visitor.sign_in()
    routes = [call["route"] for call in sandbox.control.calls() if call["status"] == 200]
    assert [route for route in routes if "oauth2" in route or "@me" in route] == [
        "/api/oauth2/token",
        "/users/@me",
        "/api/oauth2/token/revoke",
    ]


def test_asvs_16_2_5_nothing_secret_reaches_a_log(
    visitor: Visitor, sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("flask_dance", "oauthlib", "requests_oauthlib", "urllib3"):
        # What console_log does in each process, whatever level the processes print.
        logging.getLogger(name).setLevel(logging.WARNING)
    consent = visitor.leave()
    back = visitor.allow(consent)
    visitor.get(back)
    for secret in (sandbox.client_secret, query_of(consent)["state"], query_of(back)["code"], visitor.cookie):
        assert secret not in caplog.text


def test_the_way_leads_back_to_where_it_began(visitor: Visitor) -> None:
    asked = visitor.get("/admin/?period=7d")
    assert query_of(asked.location) == {"next": "/admin/?period=7d"}
    assert "next=/admin/?period%3D7d" in visitor.get(asked.location).text
    assert visitor.sign_in(wanted="/admin/?period=7d").location == "/admin/?period=7d"
    assert visitor.get(asked.location).location == "/admin/?period=7d"


def test_the_way_never_leads_elsewhere(make_visitor: MakeVisitor) -> None:
    for wanted in ("//evil.example", "/\\evil.example", "https:evil.example", "/\t/evil.example"):
        visitor = make_visitor()
        assert visitor.sign_in(wanted=wanted).location == "/"
        assert visitor.get("/login", query_string={"next": wanted}).location == "/"


def test_asvs_7_2_4_a_cookie_from_before_opens_nothing_after(
    visitor: Visitor, make_visitor: MakeVisitor
) -> None:
    consent = visitor.leave()
    before = visitor.cookie
    planted = make_visitor()
    planted.cookie = before
    visitor.get(visitor.allow(consent))

    assert before
    assert visitor.cookie not in {"", before}
    assert visitor.is_signed_in()
    assert not planted.is_signed_in()


def test_asvs_7_2_4_a_cookie_that_nobody_gave_is_not_taken_over(visitor: Visitor) -> None:
    visitor.cookie = "x" * 43
    visitor.leave()
    assert visitor.cookie != "x" * 43


def test_asvs_10_1_2_a_state_works_once_and_so_does_a_code(visitor: Visitor) -> None:
    first = visitor.leave()
    second = visitor.leave()
    back = visitor.allow(first)
    visitor.get(back)
    assert_says(visitor.get(back), 400, "used already")

    used = f"{CALLBACK}?" + urlencode({"code": query_of(back)["code"], "state": query_of(second)["state"]})
    assert_says(visitor.get(used.removeprefix(PUBLIC_URL)), 400, "Discord did not accept this sign-in")


def test_asvs_10_1_2_a_state_belongs_to_its_browser(visitor: Visitor, make_visitor: MakeVisitor) -> None:
    other = make_visitor()
    other.leave()
    back = visitor.allow(visitor.leave(), JONAS)

    assert_says(other.get(back), 400, "began in another browser")
    assert not other.is_signed_in()
    assert visitor.get(back).status_code == 302


def test_asvs_10_2_1_a_return_without_a_fitting_state_is_refused(visitor: Visitor) -> None:
    visitor.leave()
    for query in ("", "code=x", "state=", "code=x&state=unknown", "state=%00"):
        assert_says(
            visitor.get(f"/login/discord/authorized?{query}"), 400, "Start again. Stay in this browser"
        )
    assert not visitor.is_signed_in()


def test_asvs_10_2_1_two_tabs_both_arrive(visitor: Visitor, app: Flask) -> None:
    one, other = visitor.leave("/admin/"), visitor.leave("/no-access")
    backs = visitor.allow(one), visitor.allow(other)
    assert visitor.get(backs[1]).location == "/no-access"
    assert visitor.get(backs[0]).location == "/admin/"
    assert visitor.is_signed_in()
    with services_of(app).shared.reads() as session:
        assert session.execute(text("SELECT count(*) FROM user_sessions")).scalar_one() == 1


def test_sign_ins_at_the_same_time_do_not_mix(make_visitor: MakeVisitor) -> None:
    people = [(make_visitor(), person) for person in (MARA, JONAS, "1003", "1004") * 3]
    leaving = [(visitor, visitor.allow(visitor.leave(), person)) for visitor, person in people]
    threads = [threading.Thread(target=visitor.get, args=(back,)) for visitor, back in leaving]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = [visitor.get("/no-access").location or visitor.get("/no-access").text for visitor, _ in people]
    for (_, person), shown in zip(people, names, strict=True):
        name = {MARA: "/admin/", JONAS: "jonas", "1003": "priya", "1004": "theo"}[person]
        assert name in shown


def test_who_refuses_is_not_signed_in(visitor: Visitor) -> None:
    assert_says(visitor.get(visitor.allow(visitor.leave(), "")), 403, "You did not allow Discord")
    assert not visitor.is_signed_in()


def test_a_name_beside_the_public_one_leads_there_first(visitor: Visitor) -> None:
    answer = visitor.client.get("/login/discord?next=/admin/", base_url="http://localhost:5000")
    assert answer.location == f"{PUBLIC_URL}/login/discord?next=%2Fadmin%2F&moved=1"
    behind_a_proxy = visitor.client.get("/login/discord?moved=1", base_url="http://localhost:5000")
    assert "/oauth2/authorize" in behind_a_proxy.location


def test_discord_that_cannot_say_who_it_is(visitor: Visitor, sandbox: RunningSandbox) -> None:
    troubles: tuple[dict[str, object], ...] = (
        {"status": 500},
        {"status": 429},
        {"reset": True},
        {"status": 502, "text": "<html>"},
    )
    for trouble in troubles:
        back = visitor.allow(visitor.leave())
        sandbox.control.fail("/users/@me", **trouble)
        assert_says(visitor.get(back), 503, "Discord did not answer", "login-link")
    assert not visitor.is_signed_in()


def test_discord_that_is_gone(make_app: MakeApp, make_visitor: MakeVisitor) -> None:
    visitor = make_visitor(make_app(DISCORD_TOKEN_URL="http://127.0.0.1:1/token"))
    assert_says(visitor.sign_in(), 503, "Discord did not answer")


def test_a_wrong_client_secret_is_for_whoever_runs_the_panel(
    make_app: MakeApp, make_visitor: MakeVisitor
) -> None:
    visitor = make_visitor(make_app(DISCORD_CLIENT_SECRET="wrong"))
    assert_says(visitor.sign_in(), 503, "DISCORD_CLIENT_SECRET")


def test_asvs_7_4_2_who_is_switched_off_stays_out_and_is_thrown_out(visitor: Visitor, app: Flask) -> None:
    visitor.sign_in(JONAS)
    with services_of(app).shared.unit_of_work() as uow:
        jonas = queries.get_user(uow.session, int(JONAS))
        accounts.set_disabled(uow, Actor.system("tests"), jonas.id, disabled=True)
        uow.commit()
    assert not visitor.is_signed_in()
    assert_says(visitor.sign_in(JONAS), 403, "is switched off")
    assert not visitor.is_signed_in()


def test_asvs_7_4_1_signing_out_kills_the_cookie_itself(visitor: Visitor) -> None:
    visitor.sign_in(JONAS)
    kept = visitor.cookie
    assert visitor.post("/logout", page="/no-access").location == "/login?out=1"
    assert visitor.cookie == ""
    visitor.cookie = kept
    assert not visitor.is_signed_in()


def test_asvs_2_4_1_without_redis_nobody_comes_in_and_nobody_is_thrown_out(
    visitor: Visitor, make_visitor: MakeVisitor, valkey: RunningValkey
) -> None:
    visitor.sign_in()
    late = make_visitor()
    back = late.allow(late.leave(), JONAS)
    valkey.kill()

    assert visitor.get("/").location == "/admin/"
    assert visitor.get("/admin/").status_code == 200
    assert_says(late.get("/login/discord"), 503, "Redis does not answer")
    assert_says(late.get(back), 503, "Redis does not answer")
    assert late.get("/login").status_code == 200
    assert visitor.post("/logout", page="/admin/").location == "/login?out=1"
    assert not visitor.is_signed_in()


def test_sessions_outlive_a_redis_that_forgets(visitor: Visitor, valkey: RunningValkey) -> None:
    visitor.sign_in()
    Redis.from_url(valkey.url.reveal()).flushall()
    assert visitor.is_signed_in()


def test_what_others_put_into_redis_is_read_as_nothing(
    visitor: Visitor, valkey: RunningValkey, tmp_path: Path
) -> None:
    back = visitor.allow(visitor.leave(), JONAS)
    redis = Redis.from_url(valkey.url.reveal())
    keys = [*redis.scan_iter("*:visitor:*"), *redis.scan_iter("*:attempt:*")]
    trace = tmp_path / "executed"
    for key in keys:
        redis.set(key, pickle.dumps(Executes(trace)))
    assert_says(visitor.get(back), 400, "Start again")
    assert len(keys) == 2
    assert not trace.exists()


def test_redis_holds_nothing_that_opens_a_session(visitor: Visitor, valkey: RunningValkey) -> None:
    state = query_of(visitor.leave())["state"]
    before = visitor.cookie
    redis = Redis.from_url(valkey.url.reveal(), decode_responses=True)
    (attempt,), (browser,) = redis.scan_iter("*:attempt:*"), redis.scan_iter("*:visitor:*")
    stored = " ".join(map(str, (attempt, redis.get(attempt), browser, redis.get(browser))))
    assert "verifier" in stored
    assert before not in stored
    assert state not in stored
    assert 0 < redis.ttl(attempt) <= 600
    assert 0 < redis.ttl(browser) <= 3600


def test_asvs_16_3_1_a_sign_in_writes_the_audit_log(visitor: Visitor, app: Flask) -> None:
    answer = visitor.sign_in(JONAS)
    with services_of(app).shared.reads() as session:
        rows = session.execute(text("SELECT action, request_id, address FROM audit_logs")).all()
    assert ("user.sign_in", answer.headers["X-Request-ID"], "127.0.0.1") in [tuple(row) for row in rows]


class Executes:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (str(self._trace),)
