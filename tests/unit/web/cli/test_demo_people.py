import pytest

from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.types import Profile
from socialcube.web.cli import demo
from tests.factories.accounts import SYSTEM
from tests.factories.settings import SANDBOX
from tests.unit.web.conftest import MakeSite, Site


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(**SANDBOX)


def roles(site: Site) -> dict[str, list[str]]:
    with site.services.shared.reads() as session:
        return {
            user.display_name: [each.role.name for each in queries.list_grants(session, user_id=user.id)]
            for user in queries.list_users(session)
        }


def test_three_of_the_four_may_sign_in(site: Site) -> None:
    result = site.run("demo", "people")
    assert result.stdout.splitlines()[0] == "Mara may sign in as owner of this site."
    assert roles(site) == {"Jonas": ["Editor"], "Mara": ["Owner"], "Priya": ["Viewer"]}


def test_again_is_harmless_and_leaves_what_was_changed(site: Site) -> None:
    site.run("demo", "people")
    with site.unit() as uow:
        jonas = queries.get_user(uow.session, 1002)
        service.set_disabled(uow, SYSTEM, jonas.id, disabled=True)
        uow.commit()
    site.run("users", "grant", "1003", "manager")
    site.run("users", "revoke", "1003", "viewer")
    before = roles(site)
    assert site.run("demo", "people").stdout.count("is here already") == 3
    assert roles(site) == before


def test_who_came_by_before_gets_the_role_too(site: Site) -> None:
    with site.unit() as uow:
        service.sign_in(uow, Profile(1001, "mara", "Mara Lind"))
        uow.commit()
    site.run("demo", "people")
    assert roles(site)["Mara Lind"] == ["Owner"]


def test_seed_makes_the_people_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "list_bots", lambda _: [])
    assert site.run("demo", "seed").exit_code == 0
    assert set(roles(site)) == {"Jonas", "Mara", "Priya"}


def test_there_are_no_demo_people_outside_the_sandbox(make_site: MakeSite) -> None:
    site = make_site()
    result = site.run("demo", "people")
    assert result.exit_code == 1
    assert "for the sandbox only" in result.stderr
    assert roles(site) == {}


def test_the_sandbox_needs_no_setup_code(site: Site) -> None:
    assert "/setup" not in site.run("site", "prepare").stdout
