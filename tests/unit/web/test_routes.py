"""What holds for every address of the panel, today's and tomorrow's."""

from socialcube.web import guard
from tests.support.routes import list_doors
from tests.unit.web.conftest import Site

_PUBLIC = {
    "api_reference.document",
    "api_reference.show",
    "auth.front",
    "auth.login_link",
    "auth.sign_in",
    "auth.sign_out",
    "auth.use_login_link",
    "discord.authorized",
    "discord.login",
    "health.live",
    "health.ready",
    "invite.show",
    # It asks for a token, or a machine, of its own.
    "metrics.show",
    "static",
    "well_known.icon",
    "well_known.robots",
}


def test_every_view_says_whom_it_is_for(site: Site) -> None:
    unmarked = [name for name, view in site.app.view_functions.items() if guard.mark_of(view) is None]
    assert unmarked == []


def test_only_the_way_in_is_open_to_strangers(site: Site) -> None:
    is_public = {door.endpoint for door in list_doors(site.app) if door.mark and door.mark.is_public}
    assert is_public - {"admin.static"} == _PUBLIC


def test_strangers_are_sent_to_the_sign_in_everywhere_else(site: Site) -> None:
    client = site.client
    for door in list_doors(site.app):
        if "GET" not in door.methods or door.endpoint in _PUBLIC | {"admin.static"}:
            continue
        answer = client.get(door.path())
        if door.is_api:
            assert answer.status_code == 401, (door.path_rule, answer.status_code)
            continue
        assert answer.status_code == 302, (door.path_rule, answer.status_code)
        assert answer.location.startswith("/login"), door.path_rule
