from typing import Any, ClassVar

import pytest
from flask import Blueprint
from flask_admin import BaseView

from socialcube.domain.access.types import Permission
from socialcube.domain.bots.models import Bot
from socialcube.web import guard
from socialcube.web.admin.errors import UndeclaredViewError
from socialcube.web.admin.forms.base import OWN_FIELDS, PanelForm
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.theme import NoIndex
from tests.unit.web.conftest import Site


class Sound(SecureView):
    table = Bot
    needs = Needs(view=Permission.BOT_VIEW)
    nav = "bots"
    noun = "bot"
    column_list = ("name",)
    sortable: ClassVar[dict[str, Any]] = {"name": Bot.name}


def make(**changes: Any) -> SecureView:
    made: SecureView = type("Changed", (Sound,), changes)("changed", "Changed")
    return made


def views(site: Site) -> list[BaseView]:
    panels: list[Any] = site.app.extensions["admin"]
    return [view for panel in panels for view in panel._views if not isinstance(view, NoIndex)]


def test_every_generated_screen_is_built_on_the_secure_base(site: Site) -> None:
    assert views(site)
    assert [view for view in views(site) if not isinstance(view, SecureView)] == []


def test_every_endpoint_of_a_screen_is_guarded_by_its_declared_permission(site: Site) -> None:
    for view in views(site):
        allowed = {view.needs.of(operation) for operation in Operation}
        for _, name, _ in view._urls:
            mark = guard.mark_of(site.app.view_functions[f"{view.endpoint}.{name}"])
            assert mark is not None, (view, name)
            assert mark.permission in allowed, (view, name)


def test_what_is_not_declared_has_no_address(site: Site) -> None:
    endpoints = set(site.app.view_functions)
    assert "bots.edit_view" in endpoints
    assert endpoints.isdisjoint(
        {
            "bots.create_view",
            "bots.delete_view",
            "bots.ajax_update",
            "bots.ajax_lookup",
            "command_logs.edit_view",
        }
    )


def test_every_field_of_a_form_stands_in_a_section(site: Site) -> None:
    for view in views(site):
        form = view.form
        if form is None or not view.sections:
            continue
        names = {
            name
            for entry in view.sections
            for part in entry.fields
            for name in ([part] if isinstance(part, str) else part)
        }
        fields = {name for name in dir(form) if type(getattr(form, name)).__name__ == "UnboundField"}
        assert fields - OWN_FIELDS == names, view


def test_neither_the_assets_nor_the_index_of_flask_admin_are_served(site: Site) -> None:
    rules = [rule.rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    assert [rule for rule in rules if "static" not in rule] == []
    assert site.client.get("/admin/static/admin/js/form.js").status_code == 404
    assert isinstance(site.app.blueprints["admin"], Blueprint)


@pytest.mark.parametrize("missing", ["needs", "nav", "noun", "table", "sortable"])
def test_a_screen_that_leaves_out_a_declaration_stops_the_start(missing: str) -> None:
    body = {
        name: getattr(Sound, name) for name in ("table", "needs", "nav", "noun", "sortable", "column_list")
    }
    del body[missing]
    kind = type("Forgetful", (SecureView,), body)
    with pytest.raises(UndeclaredViewError, match=missing):
        kind("forgetful", "Forgetful")


def test_a_screen_without_columns_stops_the_start() -> None:
    with pytest.raises(UndeclaredViewError, match="column_list"):
        make(column_list=None)


def test_a_screen_that_writes_without_a_form_stops_the_start() -> None:
    with pytest.raises(UndeclaredViewError, match="form"):
        make(needs=Needs(view=Permission.BOT_VIEW, edit=Permission.BOT_EDIT), form=None)
    assert (
        make(needs=Needs(view=Permission.BOT_VIEW, edit=Permission.BOT_EDIT), form=PanelForm).form
        is PanelForm
    )
