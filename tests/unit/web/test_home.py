from socialcube import __version__
from tests.factories.settings import SANDBOX
from tests.unit.web.conftest import MakeSite, Site


def test_home_says_what_runs_and_which_version(site: Site) -> None:
    page = site.client.get("/").text
    assert "Social Cube is running" in page
    assert __version__ in page


def test_real_discord_has_no_chat(site: Site) -> None:
    page = site.client.get("/").text
    assert ">Discord<" in page
    assert "/chat" not in page


def test_the_sandbox_is_named_and_its_chat_linked(make_site: MakeSite) -> None:
    page = make_site(**SANDBOX).client.get("/").text
    assert ">Sandbox<" in page
    assert 'href="http://127.0.0.1:15001/chat"' in page


def test_home_works_without_database_and_redis(make_site: MakeSite) -> None:
    site = make_site(DATABASE_URL="sqlite:////nowhere/at/all.db")
    site.bus.is_up = False
    assert site.client.get("/").status_code == 200
