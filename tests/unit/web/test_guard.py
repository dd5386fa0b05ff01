from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from socialcube.domain.access.types import Permission
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.kernel.errors import UnauthenticatedError
from socialcube.web import guard, identity
from socialcube.web.denials import WRITTEN
from tests.factories.bots import make_bot
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import MakeSite, Site


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """Give an application that takes routes of its own."""
    return make_site()


@pytest.fixture
def guarded(site: Site) -> Site:
    """Give a site with a page of each kind."""

    @site.app.get("/start/<uuid:bot_id>")
    @guard.signed_in
    def start(bot_id: UUID) -> str:
        return guard.bot(bot_id, Permission.BOT_CONTROL).name

    @site.app.route("/manage", methods=["GET", "POST"])
    @guard.needs(Permission.SITE_ADMIN)
    def manage() -> str:
        return "managed"

    @site.app.get("/who")
    @guard.signed_in
    def who() -> dict[str, str]:
        actor = identity.actor()
        return {"actor": str(actor), "request": actor.request_id, "address": actor.address}

    @site.app.get("/scope")
    @guard.signed_in
    def scope() -> str:
        found = identity.scope(Permission.BOT_VIEW)
        return "all" if found.is_all else " ".join(map(str, found.bot_ids))

    return site


def add_bot(site: Site, name: str = "Fern") -> UUID:
    with site.unit() as uow:
        bot_id = make_bot(uow.session, name=name).id
        uow.commit()
    return bot_id


def denials(site: Site) -> list[tuple[str, str]]:
    with site.services.shared.reads() as session:
        rows = session.execute(
            text("SELECT subject_kind, subject_id FROM audit_logs WHERE action = 'access.denied'")
        )
        return [(row[0], row[1]) for row in rows]


def test_marks_say_whom_a_view_is_for() -> None:
    def view() -> str:
        return ""

    assert guard.mark_of(view) is None
    assert guard.mark_of(guard.signed_in(view)) == guard.Mark()
    needing = guard.needs(Permission.LOG_VIEW)(view)
    assert guard.mark_of(needing) == guard.Mark(permission=Permission.LOG_VIEW)
    assert guard.mark_of(guard.public(view)) == guard.Mark(is_public=True)
    assert guard.mark_of(guard.mark(view, guard.Mark())) == guard.Mark()


def test_strangers_are_sent_to_sign_in_and_back(guarded: Site) -> None:
    assert guarded.client.get("/manage?a=b%26c").location == "/login?next=/manage?a%3Db%2526c"
    assert guarded.client.get("/who").location == "/login?next=/who"


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_programs_and_changes_of_strangers_get_no_page(guarded: Site, accept: str) -> None:
    guarded.app.config["WTF_CSRF_ENABLED"] = False
    answer = guarded.client.post("/manage", headers={"Accept": accept})
    assert answer.status_code == 401
    assert "not signed in" in answer.text


def test_who_holds_the_permission_passes(guarded: Site) -> None:
    assert sign_in(guarded.app).post("/manage").text == "managed"


def test_who_lacks_it_is_refused_and_noted(guarded: Site) -> None:
    sign_in(guarded.app)
    client = sign_in(guarded.app, name="Jonas", role=BuiltInRole.MANAGER)
    answer = client.get("/manage")
    assert answer.status_code == 403
    assert "Ask an owner" in answer.text
    assert denials(guarded) == [("page", "/manage")]


def test_who_holds_nothing_learns_whom_to_ask(guarded: Site) -> None:
    sign_in(guarded.app)
    client = sign_in(guarded.app, name="Jonas", role=None)
    assert client.get("/manage").location == "/no-access"
    assert client.post("/manage").status_code == 403
    assert client.get("/who").status_code == 200


def test_a_role_on_one_bot_holds_on_that_bot_alone(guarded: Site) -> None:
    fern, moss = add_bot(guarded), add_bot(guarded, "Moss")
    client = sign_in(guarded.app, role=BuiltInRole.OPERATOR, bots=[fern])
    assert client.get(f"/start/{fern}").text == "Fern"
    assert client.get("/scope").text == str(fern)

    foreign = client.get(f"/start/{moss}", headers={"Accept": "application/json"}).get_json()["error"]
    nowhere = uuid4()
    absent = client.get(f"/start/{nowhere}", headers={"Accept": "application/json"}).get_json()["error"]
    assert foreign["code"] == absent["code"] == "bot_not_found"
    assert foreign["message"].replace(str(moss), "") == absent["message"].replace(str(nowhere), "")
    assert denials(guarded) == [("bot", str(moss))]


@pytest.mark.parametrize("has_redis", [True, False])
def test_asking_on_and_on_is_summed_up_in_one_entry(guarded: Site, has_redis: bool) -> None:
    guarded.limits.is_up = has_redis
    fern, moss = add_bot(guarded), add_bot(guarded, "Moss")
    jonas = sign_in(guarded.app, name="Jonas", role=BuiltInRole.OPERATOR, bots=[fern])
    statuses = {jonas.get("/manage").status_code for _ in range(WRITTEN.tries)}
    assert len(denials(guarded)) == WRITTEN.tries
    for _ in range(3):
        foreign, absent = jonas.get(f"/start/{moss}"), jonas.get(f"/start/{uuid4()}")
        assert foreign.status_code == absent.status_code == 404
        statuses.add(jonas.get("/manage").status_code)
    assert statuses == {403}
    assert denials(guarded)[WRITTEN.tries :] == [("bot", str(moss))]
    with guarded.services.shared.reads() as session:
        [last] = session.scalars(text("SELECT after FROM audit_logs ORDER BY id DESC LIMIT 1"))
    assert "further refusals" in last

    theo = sign_in(guarded.app, name="Theo", role=BuiltInRole.OPERATOR, bots=[fern])
    assert theo.get("/manage").status_code == 403
    assert len(denials(guarded)) == WRITTEN.tries + 2


def test_who_may_only_look_is_told_so(guarded: Site) -> None:
    fern = add_bot(guarded)
    client = sign_in(guarded.app, role=BuiltInRole.VIEWER, bots=[fern])
    answer = client.get(f"/start/{fern}")
    assert answer.status_code == 403
    assert "the right to start, stop and restart it" in answer.text
    assert denials(guarded) == [("bot", str(fern))]


def test_a_role_taken_back_counts_at_once(guarded: Site) -> None:
    client = sign_in(guarded.app, name="Jonas", permissions=[Permission.BOT_VIEW])
    assert client.get("/scope").text == "all"
    with guarded.services.shared.engine.begin() as connection:
        connection.execute(text("DELETE FROM grants"))
    assert client.get("/scope").text == ""


def test_the_actor_carries_request_and_address(guarded: Site) -> None:
    client = sign_in(guarded.app)
    answer = client.get("/who")
    assert answer.get_json() == {
        "actor": f"user:{client.person.user.id}",
        "request": answer.headers["X-Request-ID"],
        "address": "127.0.0.1",
    }


def test_nobody_is_there_outside_of_requests(site: Site) -> None:
    assert identity.find_person() is None
    with site.app.test_request_context("/"):
        assert identity.find_person() is None
        for question in (identity.person, identity.actor, lambda: identity.scope(Permission.BOT_VIEW)):
            with pytest.raises(UnauthenticatedError):
                question()
