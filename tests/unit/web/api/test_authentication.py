from datetime import timedelta

import pytest
from sqlalchemy import text

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import service as accounts
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.api_keys import service
from socialcube.domain.api_keys.policy import writing
from socialcube.domain.api_keys.registry import REMEMBER_SECONDS
from socialcube.domain.logs.types import RequestLogRecord
from socialcube.kernel.secrets import MASK, mask_text
from socialcube.web.api.authentication import WRONG_KEYS
from socialcube.web.denials import WRITTEN
from tests.factories.accounts import SYSTEM, make_user
from tests.support.signing_in import sign_in
from tests.unit.web.api.conftest import Api, problem_of


def unknown_key() -> str:
    return writing.make_key(writing.make_public_id()).reveal()


def code_of(api: Api, header: str | None, path: str = "/me") -> str:
    headers = {} if header is None else {"Authorization": header}
    answer = api.client.get(f"/api/v1{path}", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="Social Cube"')
    return str(problem_of(answer)["code"])


def logged(api: Api) -> RequestLogRecord:
    (record,) = api.site.sink.records
    assert isinstance(record, RequestLogRecord)
    return record


def test_a_key_opens_the_api_and_names_the_request(api: Api) -> None:
    view, key = api.make_key(Permission.BOT_VIEW)
    answer = api.ask(key, "/me")
    assert answer.status_code == 200
    found = answer.get_json()
    assert found["key"]["public_id"] == view.public_id
    assert found["maker"] == {"id": str(api.mara), "name": "Mara"}
    assert found["everywhere"] == ["bot.view"]
    assert logged(api).user == f"key:{view.id}"


def test_no_key_is_said_to_be_missing(api: Api) -> None:
    assert code_of(api, None) == "key_missing"
    assert code_of(api, "") == "key_missing"
    answer = api.client.get("/api/v1/me")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Social Cube"'
    wrong = api.client.get("/api/v1/me", headers={"Authorization": "Bearer x"})
    assert wrong.headers["WWW-Authenticate"].endswith('error="invalid_token"')


def test_what_is_no_key_is_refused_without_asking_the_database(api: Api) -> None:
    _, key = api.make_key()
    wrong_check = key[:-1] + ("0" if key[-1] != "0" else "1")
    headers = [
        "Basic bWFyYTpzZWNyZXQ=",
        f"Basic {key}",
        key,
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        f"Bearer {wrong_check}",
        f"Bearer {key} ",
        f"Bearer {key}, Bearer {key}",
        f"Bearer {key},",
        f'Bearer "{key}"',
        f"Bearer\t{key}",
        f"Bearer {key}\x00",
        f"Bearer {'a' * 100_000}",
        "Bearer Ä",
    ]
    with api.site.services.shared.engine.connect() as connection:
        connection.execute(text("ALTER TABLE api_keys RENAME TO hidden"))
        connection.commit()
        try:
            for header in headers:
                assert code_of(api, header) == "key_malformed", header[:80]
        finally:
            connection.execute(text("ALTER TABLE hidden RENAME TO api_keys"))
            connection.commit()
    assert not api.site.limits.tries


def test_two_headers_with_two_keys_are_refused(api: Api) -> None:
    _, first = api.make_key()
    _, second = api.make_key()
    both = [("Authorization", f"Bearer {first}"), ("Authorization", f"Bearer {second}")]
    answer = api.client.get("/api/v1/me", headers=both)
    assert problem_of(answer)["code"] == "key_malformed"


@pytest.mark.parametrize("header", ["bearer {}", "BEARER {}", "Bearer   {}"])
def test_the_scheme_is_read_as_http_has_it(api: Api, header: str) -> None:
    _, key = api.make_key()
    answer = api.client.get("/api/v1/me", headers={"Authorization": header.format(key)})
    assert answer.status_code == 200


def test_a_header_cannot_smuggle_another_one(api: Api) -> None:
    _, key = api.make_key()
    for header in (f"Bearer {key}\r\nX-Forwarded-For: 1.2.3.4", f"Bearer {key}\nHost: evil"):
        with pytest.raises(ValueError, match="newline"):
            api.client.get("/api/v1/me", headers={"Authorization": header})
    answer = api.client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}%0d%0aSet-Cookie: a=b"})
    assert problem_of(answer)["code"] == "key_malformed"
    assert "Set-Cookie" not in answer.headers


def test_a_cookie_counts_for_nothing(api: Api) -> None:
    client = sign_in(api.site.app, name="Olga")
    assert client.get("/admin/bots/").status_code == 200
    for method, path in (("GET", "/me"), ("GET", "/bots"), ("POST", f"/bots/{api.own}/stop")):
        answer = client.open(f"/api/v1{path}", method=method)
        assert problem_of(answer)["code"] == "key_missing"
        assert "Set-Cookie" not in answer.headers


def test_a_cookie_beside_a_key_adds_nothing(api: Api) -> None:
    client = sign_in(api.site.app, name="Olga")
    _, key = api.make_key(Permission.BOT_VIEW)
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/me", headers=headers).get_json()["maker"]["name"] == "Mara"
    answer = client.post(f"/api/v1/bots/{api.own}/stop", headers=headers)
    assert answer.status_code == 403


def test_a_key_opens_no_page_of_the_panel(api: Api) -> None:
    _, key = api.make_key()
    answer = api.client.get("/admin/bots/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 302
    assert answer.location.startswith("/login")


@pytest.mark.parametrize(
    "address", ["/bots?key={}", "/bots?x=a{}b", "/bots?{}=1", "/bots/{}", "/me?api_key={}"]
)
def test_a_key_in_the_address_is_refused_with_advice_even_if_it_is_good(api: Api, address: str) -> None:
    _, key = api.make_key()
    answer = api.ask(key, address.format(key))
    problem = problem_of(answer)
    if answer.status_code == 404:
        # The address exists for nobody, so that nothing looked at it.
        assert problem["code"] == "http_404"
    else:
        assert (problem["status"], problem["code"]) == (400, "key_in_address")
        assert "Rotate or revoke this key now" in problem["remedy"]
    assert key not in answer.text
    assert mask_text(logged(api).path) == mask_text(logged(api).path).replace(key, MASK)


def test_a_wrong_secret_and_an_unknown_id_get_the_same_answer(api: Api) -> None:
    view, _ = api.make_key()
    answers = []
    for key in (writing.make_key(view.public_id).reveal(), unknown_key()):
        problem = problem_of(api.ask(key, "/me"))
        del problem["request_id"]
        answers.append(problem)
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "key_unknown"


def test_guessing_is_slowed_down_and_right_keys_pass(api: Api) -> None:
    _, key = api.make_key()
    statuses = [api.ask(unknown_key(), "/me").status_code for _ in range(WRONG_KEYS.tries + 3)]
    assert statuses == [401] * WRONG_KEYS.tries + [429] * 3
    answer = api.ask(unknown_key(), "/me")
    assert answer.headers["Retry-After"] == "60"
    assert problem_of(answer)["code"] == "too_many_tries"
    assert api.ask(key, "/me").status_code == 200


def test_while_nobody_can_count_wrong_keys_are_not_answered_and_right_ones_work(api: Api) -> None:
    _, key = api.make_key()
    api.site.limits.is_up = False
    answer = api.ask(unknown_key(), "/me")
    assert (answer.status_code, problem_of(answer)["code"]) == (503, "key_check_away")
    assert answer.headers["Retry-After"] == "5"
    assert api.ask(key, "/me").status_code == 200


def test_a_key_that_ended_says_so_to_who_knows_it(api: Api) -> None:
    _, short = api.make_key(life=timedelta(days=1))
    view, revoked = api.make_key()
    api.site.clock.advance(24 * 3600)
    assert problem_of(api.ask(short, "/me"))["code"] == "key_expired"
    with api.site.unit() as uow:
        service.revoke_key(uow, Actor.user(api.mara), view.id)
        uow.commit()
    assert problem_of(api.ask(revoked, "/me"))["code"] == "key_revoked"


def test_a_revoked_key_is_dead_within_two_seconds(api: Api) -> None:
    view, key = api.make_key()
    assert api.ask(key, "/me").status_code == 200
    with api.site.unit() as uow:
        service.revoke_key(uow, Actor.user(api.mara), view.id)
        uow.commit()
    assert REMEMBER_SECONDS <= 2
    api.site.clock.advance(REMEMBER_SECONDS)
    assert problem_of(api.ask(key, "/me"))["code"] == "key_revoked"


def test_both_secrets_work_while_a_key_is_rotated(api: Api) -> None:
    view, old = api.make_key()
    with api.site.unit() as uow:
        _, new = service.rotate_key(uow, Actor.user(api.mara), api.site.services.keys.peppers, view.id)
        uow.commit()
    assert [api.ask(key, "/me").status_code for key in (old, new.reveal())] == [200, 200]
    api.site.clock.advance(24 * 3600)
    assert api.ask(new.reveal(), "/me").status_code == 200
    assert problem_of(api.ask(old, "/me"))["code"] == "key_unknown"


def test_whoever_is_switched_off_takes_their_keys_along(api: Api) -> None:
    with api.site.unit() as uow:
        theo = make_user(uow, "theo", role=BuiltInRole.OWNER)
        uow.commit()
    _, key = api.make_key(Permission.BOT_VIEW, user=theo.id)
    assert api.ask(key, "/bots").status_code == 200
    with api.site.unit() as uow:
        accounts.set_disabled(uow, SYSTEM, theo.id, disabled=True)
        uow.commit()
    api.site.clock.advance(REMEMBER_SECONDS)
    assert problem_of(api.ask(key, "/bots"))["code"] == "key_orphaned"


def test_a_key_is_counted_by_the_minute(api: Api) -> None:
    view, key = api.make_key()
    answer = api.ask(key, "/me")
    assert answer.headers["RateLimit-Policy"] == '"key";q=600;w=60'
    assert answer.headers["RateLimit"].startswith('"key";r=599;t=')
    minute = int(api.site.clock.now().timestamp()) // 60
    api.site.services.quota.taken[view.public_id, minute] = 600  # type: ignore[attr-defined] # the fake's
    spent = api.ask(key, "/me")
    problem = problem_of(spent)
    assert (problem["status"], problem["code"]) == (429, "rate_limited")
    assert spent.headers["Retry-After"] == str(60 - api.site.clock.now().second)
    assert spent.headers["RateLimit"] == f'"key";r=0;t={spent.headers["Retry-After"]}'


def test_a_use_is_noted_with_its_place(api: Api) -> None:
    view, key = api.make_key()
    for address in ("192.0.2.1", "192.0.2.1", "2001:db8::7"):
        api.ask(key, "/me", environ_overrides={"REMOTE_ADDR": address})
    with api.site.services.shared.reads() as session:
        rows = session.execute(
            text(
                "SELECT address FROM audit_logs WHERE action = 'key.use_from_new_address' AND actor = :actor"
            ),
            {"actor": f"key:{view.id}"},
        )
        assert {row[0] for row in rows} == {"192.0.2.1", "2001:db8::7"}
        found = session.execute(
            text("SELECT last_address FROM api_keys WHERE public_id = :id"), {"id": view.public_id}
        )
        assert found.scalar_one() == "2001:db8::7"


def test_a_use_that_cannot_be_noted_is_served_all_the_same(api: Api) -> None:
    _, key = api.make_key()
    shared = api.site.services.shared
    with shared.engine.connect() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE UPDATE ON api_keys BEGIN SELECT RAISE(ABORT, 'full'); END")
        )
        connection.commit()
        answer = api.ask(key, "/me")
        connection.execute(text("DROP TRIGGER full"))
        connection.commit()
    assert answer.status_code == 200


def test_refusals_of_all_keys_of_one_person_are_summed_up_together(api: Api) -> None:
    keys = [api.make_key(Permission.BOT_VIEW, user=api.jonas)[1] for _ in range(2)]
    before = count_denials(api)
    path = f"/bots/{api.own}/stop"
    answers = [api.ask(key, path, method="POST") for _ in range(WRITTEN.tries) for key in keys]
    assert {answer.status_code for answer in answers} == {403}
    assert count_denials(api) == before + WRITTEN.tries + 1


def count_denials(api: Api) -> int:
    with api.site.services.shared.reads() as session:
        statement = "SELECT count(*) FROM audit_logs WHERE action = 'access.denied'"
        return int(session.execute(text(statement)).scalar_one())
