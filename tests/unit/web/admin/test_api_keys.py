"""The screen of API keys: one's own, shown once, and never more than one holds."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from socialcube.domain.access.types import BOT_PERMISSIONS, Permission
from socialcube.domain.accounts.types import BuiltInRole
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.admin.conftest import House
from tests.unit.web.conftest import Site

LIST, NEW = "/admin/api-keys/", "/admin/api-keys/new/"
KEY = re.compile(r'value="(sc_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6})"')


def make(client: SignedInClient, name: str = "Night script", **more: object) -> TestResponse:
    return client.post(NEW, data={"name": name, "scopes": ["bot.view"], "reach": "all", "days": "90"} | more)


def key_in(answer: TestResponse) -> str:
    assert answer.status_code == 201, answer.text
    (found,) = KEY.findall(answer.text)
    return str(found)


def id_of(site: Site, name: str) -> str:
    with site.services.shared.reads() as session:
        raw = session.execute(text("SELECT id FROM api_keys WHERE name = :name"), {"name": name}).scalar_one()
    return str(raw)


def statuses(site: Site, *keys: str) -> list[int]:
    return [
        site.client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code for key in keys
    ]


def test_an_empty_list_says_what_keys_are_for(site: Site) -> None:
    page = sign_in(site.app).get(LIST).text
    assert "No API keys yet" in page
    assert "Make an API key" in page


def test_a_key_is_shown_once_and_works(house: House) -> None:
    answer = make(house.owner)
    key = key_in(answer)
    assert "curl -H" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count(key) == 1
    assert statuses(house.site, key) == [200]
    key_id = id_of(house.site, "Night script")
    for path in (LIST, f"/admin/api-keys/details/?id={key_id}", f"/admin/api-keys/rotate/?id={key_id}"):
        page = house.owner.get(path)
        assert page.status_code == 200
        assert key not in page.text
    assert f"sc_{key[3:11]}_…" in house.owner.get(LIST).text


def test_only_what_the_api_asks_for_and_one_holds_is_offered(house: House) -> None:
    page = house.owner.get(NEW).text
    offered = set(re.findall(r'name="scopes"\s+value="([a-z.]+)"', page))
    assert offered == {"bot.view", "bot.control", "command.view", "log.view"}
    viewer = sign_in(
        house.site.app,
        name="Nia",
        permissions=[Permission.APIKEY_MANAGE, Permission.LOG_VIEW],
        bots=[house.own.bot_id],
    )
    page = viewer.get(NEW).text
    assert set(re.findall(r'name="scopes"\s+value="([a-z.]+)"', page)) == {"log.view"}
    assert "Own bot" in page
    assert "Foreign bot" not in page


def test_a_key_of_a_keeper_reaches_the_keepers_bot_alone(house: House) -> None:
    key = key_in(make(house.keeper, scopes=["bot.view", "bot.control"]))
    headers = {"Authorization": f"Bearer {key}"}
    client = house.site.client
    items = client.get("/api/v1/bots", headers=headers).get_json()["items"]
    assert [bot["id"] for bot in items] == [str(house.own.bot_id)]
    foreign = client.post(f"/api/v1/bots/{house.foreign.bot_id}/start", headers=headers)
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": ""}, "Name: "),
        ({"scopes": []}, "it allows nothing"),
        ({"scopes": ["site.admin"]}, "It may: "),
        ({"reach": "some"}, "it reaches no bot"),
        ({"days": "400"}, "Works for: "),
        ({"name": "x" * 81}, "Name: "),
    ],
)
def test_what_cannot_be_a_key_is_said_at_the_form(house: House, sent: dict[str, object], words: str) -> None:
    answer = make(house.owner, **{"name": "Night script"} | sent)  # type: ignore[arg-type] # one is a name
    assert answer.status_code == 422
    assert words in answer.text
    assert "No API keys yet" in house.owner.get(LIST).text


def test_a_bot_that_is_not_ones_own_is_refused(house: House) -> None:
    answer = make(house.keeper, reach="some", bot_ids=[str(house.foreign.bot_id)])
    assert answer.status_code == 403


def test_a_limited_key_names_its_bots(house: House) -> None:
    key_in(make(house.owner, reach="some", bot_ids=[str(house.own.bot_id), "nonsense"]))
    assert (
        "Own bot" in house.owner.get(f"/admin/api-keys/details/?id={id_of(house.site, 'Night script')}").text
    )


def test_rotating_shows_a_new_key_and_lets_both_work(house: House) -> None:
    old = key_in(make(house.owner))
    key_id = id_of(house.site, "Night script")
    new = key_in(house.owner.post("/admin/api-keys/rotate/", data={"id": key_id, "hours": "1"}))
    assert new[:11] == old[:11]
    assert statuses(house.site, old, new) == [200, 200]
    assert "Two secrets" in house.owner.get(LIST).text
    house.site.clock.advance(3600)
    assert statuses(house.site, old, new) == [401, 200]


def test_revoking_asks_and_ends_it(house: House) -> None:
    key = key_in(make(house.owner))
    key_id = id_of(house.site, "Night script")
    assert "within two seconds" in house.owner.get(f"/admin/api-keys/delete/?id={key_id}").text
    assert house.owner.post("/admin/api-keys/delete/", data={"id": key_id}).status_code == 303
    house.site.clock.advance(2)
    assert statuses(house.site, key) == [401]
    assert "Revoked" in house.owner.get(LIST).text
    for path in ("delete", "rotate"):
        answer = house.owner.post(f"/admin/api-keys/{path}/", data={"id": key_id, "hours": "1"})
        assert answer.status_code in {303, 422}, path


def test_several_are_revoked_at_once(house: House) -> None:
    keys = [key_in(make(house.owner, f"Script {number}")) for number in range(2)]
    rows = [id_of(house.site, f"Script {number}") for number in range(2)]
    sent = {"action": "revoke", "rowid": rows, "confirmed": "yes"}
    assert house.owner.post("/admin/api-keys/action/", data=sent).status_code == 303
    house.site.clock.advance(2)
    assert statuses(house.site, *keys) == [401, 401]


def test_people_see_their_own_keys_and_owners_see_all(house: House) -> None:
    key_in(make(house.keeper, "Of Kim"))
    key_in(make(house.owner, "Of Mara"))
    assert "Of Mara" not in house.keeper.get(LIST).text
    listed = house.owner.get(LIST).text
    assert "Of Kim" in listed
    assert "Kim" in listed
    foreign, absent = id_of(house.site, "Of Mara"), "01976f4a-3c1e-7b52-9d4e-5a8f0c2b7e61"
    for method, path in (
        ("GET", "details"),
        ("GET", "rotate"),
        ("POST", "rotate"),
        ("GET", "delete"),
        ("POST", "delete"),
    ):
        answers = [
            house.keeper.open(
                f"/admin/api-keys/{path}/", method=method, **{place: {"id": key_id, "hours": "1"}}
            )
            for key_id in (foreign, absent)
            for place in ["query_string" if method == "GET" else "data"]
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (method, path)


def test_an_owner_revokes_anothers_key_and_cannot_have_its_secret(house: House) -> None:
    key = key_in(make(house.keeper, "Of Kim"))
    key_id = id_of(house.site, "Of Kim")
    answer = house.owner.post("/admin/api-keys/rotate/", data={"id": key_id, "hours": "1"})
    assert answer.status_code == 403
    assert not KEY.search(answer.text)
    assert house.owner.post("/admin/api-keys/delete/", data={"id": key_id}).status_code == 303
    house.site.clock.advance(2)
    assert statuses(house.site, key) == [401]


def test_what_the_maker_lost_is_marked(house: House) -> None:
    key_in(make(house.keeper, "Of Kim"))
    key_id = id_of(house.site, "Of Kim")
    with house.site.services.shared.engine.begin() as connection:
        connection.execute(text("DELETE FROM grants WHERE bot_id IS NOT NULL"))
    assert "Not now: its maker may not" in house.owner.get(f"/admin/api-keys/details/?id={key_id}").text


def test_search_and_filter_narrow_the_list(house: House) -> None:
    for name in ("Deploy", "Report"):
        key_in(make(house.owner, name))
    house.owner.post("/admin/api-keys/delete/", data={"id": id_of(house.site, "Report")})
    house.owner.get(LIST)
    assert "Report" not in house.owner.get(f"{LIST}?search=deplo").text
    live = house.owner.get(f"{LIST}?flt0_state_is=live").text
    revoked = house.owner.get(f"{LIST}?flt0_state_is=revoked").text
    assert ("Deploy" in live, "Report" in live) == (True, False)
    assert ("Deploy" in revoked, "Report" in revoked) == (False, True)


def test_making_is_slowed_down_and_refused_while_nobody_can_count(house: House) -> None:
    house.site.limits.is_up = False
    assert make(house.owner).status_code == 503
    house.site.limits.is_up = True
    tries = [make(house.owner, f"Script {number}").status_code for number in range(21)]
    assert tries == [201] * 20 + [429]


@pytest.fixture
def operator(site: Site) -> SignedInClient:
    return sign_in(site.app, name="Jonas", role=BuiltInRole.OPERATOR)


def test_who_may_make_no_keys_finds_no_screen(operator: SignedInClient) -> None:
    for path in (LIST, NEW):
        assert operator.get(path).status_code == 403
    assert "API keys" not in operator.get("/admin/bots/").text
    assert Permission.APIKEY_MANAGE in BOT_PERMISSIONS


def test_an_old_sign_in_is_proved_before_keys_are_made(house: House) -> None:
    key_in(make(house.owner))
    key_id = id_of(house.site, "Night script")
    house.site.clock.advance(timedelta(hours=1).total_seconds())
    for path in (NEW, f"/admin/api-keys/rotate/?id={key_id}"):
        assert house.owner.get(path).status_code == 302
    assert make(house.owner, "Another").status_code == 401
    assert house.owner.post("/admin/api-keys/rotate/", data={"id": key_id, "hours": "1"}).status_code == 401
    assert "Another" not in house.owner.get(LIST).text
