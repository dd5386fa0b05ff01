"""What holds for every address of the panel, today's and tomorrow's."""

from collections.abc import Iterator
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule

from socialcube.web import guard
from socialcube.web.auth.csrf import UNSAFE_METHODS
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site

_SAMPLES = {
    "UUIDConverter": str(UUID(int=7)),
    "IntegerConverter": "7",
    "PathConverter": "a/b",
    "UnicodeConverter": "some",
}
_PUBLIC = {
    "auth.front",
    "auth.login_link",
    "auth.sign_in",
    "auth.sign_out",
    "auth.use_login_link",
    "discord.authorized",
    "discord.login",
    "health.live",
    "health.ready",
    "static",
}


def test_every_view_says_whom_it_is_for(site: Site) -> None:
    unmarked = [name for name, view in site.app.view_functions.items() if guard.mark_of(view) is None]
    assert unmarked == []


def test_only_the_way_in_is_open_to_strangers(site: Site) -> None:
    marks = {name: guard.mark_of(view) for name, view in site.app.view_functions.items()}
    is_public = {name for name, mark in marks.items() if mark is not None and mark.is_public}
    assert is_public - {"admin.static"} == _PUBLIC


def test_strangers_are_sent_to_the_sign_in_everywhere_else(site: Site) -> None:
    client = site.client
    for path, rule in addresses(site.app, "GET"):
        if rule.endpoint in _PUBLIC | {"admin.static"}:
            continue
        answer = client.get(path)
        assert answer.status_code == 302, (path, answer.status_code)
        assert answer.location.startswith("/login"), path


def test_nothing_changes_without_a_token_of_this_session(site: Site) -> None:
    client = sign_in(site.app)
    seen = 0
    for method in UNSAFE_METHODS:
        for path, _ in addresses(site.app, method):
            for token in ("", "wrong", sign_in(site.app, name="Jonas").csrf_token()[:-2] + "xx"):
                answer = client.open(path, method=method, headers={"X-CSRFToken": token})
                assert answer.status_code == 400, (method, path, answer.status_code)
                assert "Reload it, then send it again" in answer.text
                seen += 1
    assert seen
    assert client.get("/").location == "/admin/"


def test_a_program_is_told_the_same_in_json(site: Site) -> None:
    headers = {"X-CSRFToken": "", "Accept": "application/json"}
    answer = sign_in(site.app).post("/logout", headers=headers)
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "stale_form"


def addresses(app: Flask, method: str) -> Iterator[tuple[str, Rule]]:
    """Give each address that takes a method, with something in place of what varies."""
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()):
            continue
        values = {
            name: next(iter(getattr(kind, "items", [])), None) or _SAMPLES.get(type(kind).__name__, "some")
            for name, kind in rule._converters.items()
        }
        built = rule.build(values)
        assert built is not None, rule.rule
        yield built[1], rule
