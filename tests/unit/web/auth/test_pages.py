import re

import pytest

from socialcube import __version__
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import queries, service
from socialcube.web.context import services_of
from tests.factories.settings import SANDBOX
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import MakeSite, Site

CLIENT = {"DISCORD_CLIENT_ID": "7", "DISCORD_CLIENT_SECRET": "client-secret"}


def setup_code(site: Site) -> str:
    with site.unit() as uow:
        code = service.make_setup_code(uow, Actor.system("tests"))
        uow.commit()
    assert code is not None
    return code.reveal()


def login_code(site: Site, client: SignedInClient) -> str:
    with site.unit() as uow:
        code = service.make_login_link(uow, Actor.system("tests"), client.person.user.id)
        uow.commit()
    return code.reveal()


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_door_says_what_is_behind_it(make_site: MakeSite) -> None:
    page = make_site(**CLIENT).client.get("/login").text
    for words in ("Sign in with Discord", "fleet of Discord bots", __version__, ">Discord<"):
        assert words in page
    assert "/chat" not in page


def test_the_sandbox_is_named_and_its_chat_linked(make_site: MakeSite) -> None:
    page = make_site(**SANDBOX).client.get("/login").text
    assert ">Sandbox<" in page
    assert 'href="http://127.0.0.1:15001/chat"' in page


def test_a_door_without_a_client_says_what_is_missing(site: Site) -> None:
    assert "DISCORD_CLIENT_ID" in site.client.get("/login").text
    answer = site.client.get("/login/discord")
    assert answer.status_code == 503
    assert "not set up" in answer.text


def test_the_door_stands_without_a_database(make_site: MakeSite) -> None:
    site = make_site(DATABASE_URL="sqlite:////nowhere/at/all.db", **CLIENT)
    site.cache.is_up = site.bus.is_up = False
    assert site.client.get("/login").status_code == 200
    assert site.client.get("/").location == "/login"


def test_the_first_person_is_told_about_the_setup_code(site: Site) -> None:
    assert "Nobody owns this site yet" in site.client.get("/login").text
    sign_in(site.app)
    assert "Nobody owns this site yet" not in site.client.get("/login").text


def test_who_is_signed_in_needs_no_door(site: Site) -> None:
    assert sign_in(site.app).get("/login?next=/admin/bots/").location == "/admin/bots/"


def test_a_setup_code_makes_the_owner_and_a_new_session(site: Site) -> None:
    client = sign_in(site.app, role=None)
    code = setup_code(site)
    assert client.get("/").location == "/setup"
    answer = client.post("/setup", data={"code": code.lower().replace("-", " ")})
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/").location == "/admin/"
    cookie = client.get_cookie("sc")
    assert cookie is not None
    assert cookie.value != client.person.token.reveal()
    client.set_cookie("sc", client.person.token.reveal())
    assert client.get("/").location == "/login"


def test_a_wrong_code_is_said_beside_the_field(site: Site) -> None:
    client = sign_in(site.app, role=None)
    setup_code(site)
    answer = client.post("/setup", data={"code": "nonsense"})
    assert answer.status_code == 403
    assert 'aria-invalid="true"' in answer.text
    assert "wrong, was used before, or is too old" in answer.text


def test_asvs_6_3_1_guessing_codes_ends_soon(site: Site) -> None:
    client = sign_in(site.app, role=None)
    code = setup_code(site)
    statuses = [client.post("/setup", data={"code": f"try {number}"}).status_code for number in range(5)]
    answer = client.post("/setup", data={"code": code})
    assert statuses == [403] * 5
    assert answer.status_code == 429
    assert "tried too often" in answer.text
    assert not queries.has_admin(services_of(site.app).shared.reads())


def test_asvs_6_3_1_guessing_under_many_names_ends_too(site: Site) -> None:
    clients = [sign_in(site.app, name=name, role=None) for name in ("Jonas", "Priya", "Theo")]
    statuses = [client.post("/setup").status_code for client in clients for _ in range(4)]
    assert statuses == [403] * 10 + [429] * 2


def test_an_owned_site_takes_no_code(site: Site) -> None:
    sign_in(site.app)
    client = sign_in(site.app, name="Jonas", role=None)
    assert client.get("/setup").location == "/"
    answer = client.post("/setup", data={"code": "x"})
    assert answer.status_code == 403
    assert "has an owner already" in answer.text


def test_strangers_cannot_set_up(site: Site) -> None:
    assert site.client.get("/setup").location == "/login?next=/setup"


def test_without_redis_no_code_is_tried(site: Site) -> None:
    client = sign_in(site.app, role=None)
    code = setup_code(site)
    site.limits.is_up = False
    assert client.post("/setup", data={"code": code}).status_code == 503
    assert client.post("/login/link/x").status_code == 503
    assert client.get("/login/discord").status_code == 503
    assert client.get("/login/discord/authorized").status_code == 503


def test_a_login_link_lets_in_once_and_not_by_looking(site: Site) -> None:
    code = login_code(site, sign_in(site.app))
    visitor = site.client
    page = visitor.get(f"/login/link/{code}")
    assert visitor.get("/").location == "/login"
    form = {"csrf_token": token_in(page.text)}
    assert visitor.post(f"/login/link/{code}", data=form).location == "/"
    assert visitor.get("/").location == "/admin/"

    other = site.client
    form = {"csrf_token": token_in(other.get(f"/login/link/{code}").text)}
    answer = other.post(f"/login/link/{code}", data=form)
    assert answer.status_code == 403
    assert "used before" in answer.text


def test_asvs_6_3_1_login_links_cannot_be_guessed_for_long(site: Site) -> None:
    client = sign_in(site.app)
    statuses = [client.post(f"/login/link/guess{number}").status_code for number in range(11)]
    assert statuses == [403] * 10 + [429]


def test_sign_ins_of_one_address_are_counted(make_site: MakeSite) -> None:
    site = make_site(**CLIENT, PUBLIC_URL="http://localhost")
    statuses = [site.client.get("/login/discord").status_code for _ in range(31)]
    assert statuses == [302] * 30 + [429]


def test_a_person_without_a_role_learns_whom_to_ask(site: Site) -> None:
    sign_in(site.app)
    client = sign_in(site.app, name="Jonas", role=None)
    assert client.get("/").location == "/no-access"
    assert client.get("/admin/bots/").location == "/no-access"
    page = client.get("/no-access").text
    for words in ("Mara", "jonas", "Sign out"):
        assert words in page
    assert client.post("/logout").location == "/login?out=1"
    assert client.get("/no-access").location == "/login?next=/no-access"


def test_a_person_with_a_role_is_led_on(site: Site) -> None:
    assert sign_in(site.app).get("/no-access").location == "/admin/"


@pytest.mark.parametrize("path", ["/login", "/login/link/x", "/login/discord/authorized"])
def test_pages_of_the_way_in_bring_no_code_of_their_own(site: Site, path: str) -> None:
    page = site.client.get(path).text
    for part in ("<script", "<style", "style=", "onclick"):
        assert part not in page
