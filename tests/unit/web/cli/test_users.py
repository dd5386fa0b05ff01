import json
import re

import pytest

from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.types import Profile
from tests.unit.web.cli.conftest import add_bot
from tests.unit.web.conftest import MakeSite, Site


def rows(site: Site) -> dict[str, dict[str, str]]:
    lines = site.run("users", "list", "--json").stdout.splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


@pytest.fixture
def mara(site: Site) -> None:
    site.run("users", "invite", "1001", "--name", "Mara")
    site.run("users", "grant", "1001", "owner")


def test_an_empty_site_says_how_to_begin(site: Site) -> None:
    assert "users setup-code" in site.run("users", "list").stdout


@pytest.mark.usefixtures("mara")
def test_an_invited_person_is_listed_with_roles_on_the_site_and_on_bots(site: Site) -> None:
    add_bot(site)
    assert site.run("users", "invite", "1002").exit_code == 0
    assert site.run("users", "grant", "1002", "editor", "--bot", "Fern").stdout == (
        "1002 is now Editor on Fern.\n"
    )
    assert rows(site)["1001"] == {
        "id": "1001",
        "name": "Mara",
        "state": "on",
        "seen": "never",
        "roles": "Owner on the site",
    }
    assert rows(site)["1002"]["roles"] == "Editor on Fern"
    assert "Owner on the site" in site.run("users", "list").stdout


@pytest.mark.usefixtures("mara")
def test_a_role_is_taken_back_where_it_was_given(site: Site) -> None:
    site.run("users", "invite", "1002")
    site.run("users", "grant", "1002", "viewer")
    assert site.run("users", "revoke", "1002", "viewer").stdout == "1002 is no longer Viewer on the site.\n"
    again = site.run("users", "revoke", "1002", "viewer")
    assert (again.exit_code, again.stderr) == (1, "Error: This role was taken back already.\n")


@pytest.mark.usefixtures("mara")
@pytest.mark.parametrize("words", [("revoke", "1001", "owner"), ("disable", "1001")])
def test_the_last_owner_stays(site: Site, words: tuple[str, ...]) -> None:
    result = site.run("users", *words)
    assert result.exit_code == 1
    assert "Mara is the last owner" in result.stderr


@pytest.mark.usefixtures("mara")
def test_an_account_is_switched_off_and_on(site: Site) -> None:
    site.run("users", "invite", "1002", "--name", "Jonas")
    assert site.run("users", "disable", "1002").exit_code == 0
    assert rows(site)["1002"]["state"] == "off"
    assert site.run("users", "enable", "1002").stdout == "Jonas may sign in again.\n"
    assert rows(site)["1002"]["state"] == "on"


@pytest.mark.usefixtures("mara")
def test_a_login_link_is_printed_alone_and_works(site: Site) -> None:
    result = site.run("users", "login-link", "1001")
    found = re.fullmatch(r"http\S+/login/link/(\S+)\n", result.stdout)
    assert found
    assert "Mara alone" in result.stderr
    with site.unit() as uow:
        assert service.use_login_link(uow, found[1]).external_id == 1001


def test_a_setup_code_makes_an_owner(site: Site) -> None:
    said = site.run("users", "setup-code").stdout
    found = re.search(r"http\S+/setup within 24 hours and type the code (\S{19})\n", said)
    assert found
    with site.unit() as uow:
        user = service.sign_in(uow, Profile(1001, "mara", "Mara"))
        service.use_setup_code(uow, user.id, found[1])
        uow.commit()
    refused = site.run("users", "setup-code")
    assert refused.exit_code == 1
    assert "has an owner already" in refused.stderr


def test_roles_are_listed_with_what_they_allow(site: Site) -> None:
    said = site.run("users", "roles").stdout
    assert [line.split(":")[0] for line in said.splitlines() if not line.startswith(" ")] == [
        "Owner",
        "Manager",
        "Editor",
        "Operator",
        "Viewer",
    ]
    assert "site.admin" in said


@pytest.mark.parametrize("person", ["mara", "-5", "1" * 30, "\N{FULLWIDTH DIGIT ONE}", "10\x1b[2J"])
def test_what_is_no_id_is_one_sentence(site: Site, person: str) -> None:
    result = site.run("users", "invite", "--", person)
    assert result.exit_code == 2
    assert "is no Discord id" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("grant", "404", "viewer"), "no person 404"),
        (("disable", "404"), "no person 404"),
        (("login-link", "404"), "no person 404"),
        (("grant", "1001", "king"), "no role king"),
        (("grant", "1001", "viewer", "--bot", "Nobody"), "no bot Nobody"),
        (("invite", "1001"), "Mara is here already"),
        (("invite", "9999999999999999999"), "is no Discord id"),
    ],
)
@pytest.mark.usefixtures("mara")
def test_what_cannot_be_is_one_sentence(site: Site, words: tuple[str, ...], why: str) -> None:
    result = site.run("users", *words)
    assert result.exit_code == 1
    assert why in result.stderr
    assert result.stderr.count("\n") == 1


def test_names_cannot_drive_the_terminal(site: Site) -> None:
    with site.unit() as uow:
        service.sign_in(uow, Profile(1001, "\x1b[2Jmara\u202e", "\x1b]0;owned\x07"))
        uow.commit()
    result = site.run("users", "list")
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout


def test_prepare_offers_a_setup_code_until_somebody_owns_the_site(site: Site) -> None:
    assert "/setup within 24 hours" in site.run("site", "prepare").stdout
    site.run("users", "invite", "1001")
    site.run("users", "grant", "1001", "owner")
    assert "/setup" not in site.run("site", "prepare").stdout
    with site.services.shared.reads() as session:
        assert queries.has_admin(session)


def test_prepare_offers_no_code_where_the_settings_name_the_owner(make_site: MakeSite) -> None:
    assert "/setup" not in make_site(ADMIN_DISCORD_IDS="1001").run("site", "prepare").stdout


@pytest.mark.usefixtures("mara")
def test_roles_are_given_on_groups_of_bots(site: Site) -> None:
    add_bot(site)
    assert "users groups create" in site.run("users", "groups", "list").stdout
    assert site.run("users", "groups", "create", "Garden").stdout == "Garden has 0 bots.\n"
    assert site.run("users", "groups", "add", "Garden", "Fern").stdout == "Garden has 1 bot now.\n"
    site.run("users", "invite", "1002")
    given = site.run("users", "grant", "1002", "editor", "--group", "Garden")
    assert given.stdout == "1002 is now Editor on the group Garden.\n"
    assert rows(site)["1002"]["roles"] == "Editor on the group Garden"
    (listed,) = map(json.loads, site.run("users", "groups", "list", "--json").stdout.splitlines())
    assert (listed["name"], listed["bots"]) == ("Garden", "Fern")
    refused = site.run("users", "groups", "delete", "Garden")
    assert (refused.exit_code, "while people have a role on it: 1" in refused.stderr) == (1, True)
    taken = site.run("users", "revoke", "1002", "editor", "--group", "Garden")
    assert taken.stdout == "1002 is no longer Editor on the group Garden.\n"
    assert site.run("users", "groups", "remove", "Garden", "Fern").stdout == "Garden has 0 bots now.\n"
    assert site.run("users", "groups", "delete", "Garden").stdout == "Garden is deleted.\n"
    both = site.run("users", "grant", "1002", "editor", "--group", "Garden", "--bot", "Fern")
    assert both.exit_code == 2


@pytest.mark.usefixtures("mara")
def test_a_link_is_printed_listed_and_cancelled(site: Site) -> None:
    add_bot(site)
    made = site.run("users", "invite-link", "viewer", "--bot", "Fern", "--hours", "2", "--for", "Nina")
    assert re.fullmatch(r"http://\S+/invite/[0-9A-Z-]{39}\n", made.stdout)
    assert "Good once, for 2 h: Viewer on Fern." in made.stderr
    listed = site.run("users", "invites").stdout
    assert "Viewer on Fern" in listed
    assert "Nina" in listed
    key = listed.splitlines()[-1].split()[0]
    assert site.run("users", "cancel-invite", key).exit_code == 0
    assert site.run("users", "cancel-invite", key).exit_code == 1
    assert site.run("users", "cancel-invite", "x").exit_code == 1
    assert site.run("users", "invites").stdout == "No link waits for anybody.\n"
