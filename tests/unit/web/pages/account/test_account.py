"""A person's own page."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from socialcube.domain.accounts import queries
from socialcube.domain.accounts.types import Preferences, Theme
from tests.factories.bots import make_bot
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

HOME = {"Referer": "http://localhost/admin/people/details/?id=7"}


def is_in(client: SignedInClient) -> bool:
    return client.get("/account").status_code == 200


def actions(site: Site) -> list[str]:
    with site.services.shared.reads() as session:
        rows = session.execute(text("SELECT action FROM audit_logs WHERE action LIKE 'session.%'"))
        return list(rows.scalars())


def test_the_page_says_who_is_signed_in_where(site: Site) -> None:
    client = sign_in(site.app)
    sign_in(site.app)
    site.clock.advance(120)
    page = client.get("/account", headers={"User-Agent": "curl/8"}).text
    assert page.count("127.0.0.1") == 4
    assert page.count("This browser") == 1
    assert "2 min ago" in page
    assert "End all others" in page


def test_one_of_several_browsers_is_signed_out(site: Site) -> None:
    client, other = sign_in(site.app), sign_in(site.app)
    answer = client.post(f"/account/sessions/{other.person.session_id}/end")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert is_in(client)
    assert not is_in(other)
    assert actions(site) == ["session.end"]


def test_ending_this_browser_is_signing_out(site: Site) -> None:
    client = sign_in(site.app)
    assert client.post(f"/account/sessions/{client.person.session_id}/end").location == "/login?out=1"
    assert not is_in(client)


def test_asvs_7_4_5_all_others_end_at_once(site: Site) -> None:
    client, *others = (sign_in(site.app) for _ in range(3))
    stranger = sign_in(site.app, name="Jonas", role="viewer")
    client.post("/account/sessions/end-others")
    assert [is_in(one) for one in (client, *others, stranger)] == [True, False, False, True]
    assert actions(site) == ["session.end_others"]
    client.post("/account/sessions/end-others")
    assert actions(site) == ["session.end_others"]


def test_browsers_of_others_look_like_none(site: Site) -> None:
    owner = sign_in(site.app)
    client = sign_in(site.app, name="Jonas", role="manager")
    foreign = client.post(f"/account/sessions/{owner.person.session_id}/end")
    absent = client.post(f"/account/sessions/{UUID(int=7)}/end")
    assert foreign.status_code == absent.status_code == 404
    assert is_in(owner)


def test_asvs_7_4_5_whoever_manages_the_site_ends_those_of_anybody(site: Site) -> None:
    owner, jonas = sign_in(site.app), sign_in(site.app, name="Jonas", role="viewer")
    url = f"/account/sessions/{jonas.person.session_id}/end"
    assert owner.post(url, headers=HOME).location == "/admin/people/details/?id=7"
    assert not is_in(jonas)
    assert owner.post(url).status_code == 404


def test_preferences_are_kept_and_reach_the_page(site: Site) -> None:
    client = sign_in(site.app)
    form = {"theme": "dark", "locale": "de", "time_zone": "Europe/Berlin"}
    assert client.post("/account/preferences", data=form).location == "/account"
    page = client.get("/account").text
    for words in ('data-theme="dark"', 'data-locale="de"', 'data-time-zone="Europe/Berlin"', "Saved."):
        assert words in page
    with site.services.shared.reads() as session:
        found = queries.get_preferences(session, client.person.user.id)
    assert found == Preferences(Theme.DARK, "de", "Europe/Berlin")


def test_preferences_that_nobody_can_follow_are_refused(site: Site) -> None:
    client = sign_in(site.app)
    for form in ({"theme": "pink"}, {"theme": "dark", "time_zone": "Moon/Base"}):
        client.post("/account/preferences", data=form)
        assert "Choose one from the list." in client.get("/account").text
    assert 'data-theme="dark"' not in client.get("/account").text


def test_what_somebody_may_do_is_said_with_its_source(site: Site) -> None:
    sign_in(site.app)
    with site.unit() as uow:
        bot_id = make_bot(uow.session, name="Fern").id
        uow.commit()
    page = sign_in(site.app, name="Jonas", role="operator", bots=[bot_id]).get("/account").text
    assert "Operator on" in page
    assert f'href="/admin/bots/{bot_id}/"' in page
    assert "start, stop and restart it" in page
    assert "the whole site, with every bot" in sign_in(site.app).get("/account").text
    assert "Nothing was given to you yet" in sign_in(site.app, name="Theo", role=None).get("/account").text


def test_a_session_that_is_over_is_not_listed(site: Site) -> None:
    old, client = sign_in(site.app), sign_in(site.app)
    site.clock.advance(timedelta(hours=11).total_seconds())
    client.get("/account")
    site.clock.advance(timedelta(hours=2).total_seconds())
    assert client.get("/account").text.count("<li>") >= 1
    assert str(old.person.session_id) not in client.get("/account").text
