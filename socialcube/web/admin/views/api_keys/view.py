"""The list of keys, and the pages that make, show, rotate and revoke one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final

from flask import request
from flask_admin import expose
from sqlalchemy import ColumnElement, and_, true

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import can, can_anywhere
from socialcube.domain.access.types import EFFECTS, Actor, Permission, Scope
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.api_keys import service
from socialcube.domain.api_keys.models import ApiKey
from socialcube.domain.api_keys.queries import to_view
from socialcube.domain.api_keys.types import KeyState
from socialcube.web import identity
from socialcube.web.admin.actions import BulkAction
from socialcube.web.admin.forms.base import PanelForm
from socialcube.web.admin.forms.views import Answer
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import Empty
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.api_keys.forms import SECTIONS, KeyForm, RotateForm, offer, read_form
from socialcube.web.auth.limits import KEYS, by_person
from socialcube.web.context import services, settings

_CREATED: Final = 201
_REFUSED: Final = 422
_STATES: Final = (("live", "Works"), ("expired", "Ended"), ("revoked", "Revoked"))


class ApiKeysView(SecureView):
    """Keys of the person at hand; those of everybody for who manages the site."""

    table = ApiKey
    needs = Needs(
        view=Permission.APIKEY_MANAGE, create=Permission.APIKEY_MANAGE, delete=Permission.APIKEY_MANAGE
    )
    more_endpoints: ClassVar[Mapping[str, Operation]] = {"rotate_view": Operation.CREATE}
    recent_for = frozenset({Operation.CREATE})
    nav = "keys"
    noun = "API key"

    column_list = ("name", "state", "scopes", "bots", "expires_at", "last_used_at", "maker")
    column_details_list = ("public_id", "state", "maker", "created_at", "expires_at", "last_used_at")
    column_labels: ClassVar[dict[str, str]] = {
        "public_id": "Begins with",
        "scopes": "May",
        "expires_at": "Ends",
        "last_used_at": "Last used",
        "maker": "Made by",
        "created_at": "Made",
    }
    column_end = frozenset({"expires_at", "last_used_at"})
    column_wide = frozenset({"scopes", "bots", "maker"})
    column_state = "state"
    cells_template = "admin/cells/api_keys.html"
    create_template = "admin/api_keys/create.html"
    details_template = "admin/api_keys/details.html"
    sortable: ClassVar[Mapping[str, Any]] = {
        "name": ApiKey.name,
        "expires_at": ApiKey.expires_at,
        "last_used_at": ApiKey.last_used_at,
    }
    searched = (ApiKey.name, ApiKey.public_id)
    search_words = "Name or beginning"
    form = KeyForm
    sections = SECTIONS
    delete_help = "Whatever uses it is refused within two seconds. This cannot be undone."
    delete_verb = ("Revoke", "was revoked")
    types_name = False
    bulk_actions = (
        BulkAction(
            "revoke",
            "Revoke",
            "x",
            Permission.APIKEY_MANAGE,
            "{count} revoked.",
            confirm="Whatever uses them is refused within two seconds. This cannot be undone.",
        ),
    )

    def __init__(self) -> None:
        self.column_filters = (ChoiceFilter("State", _STATES, _has_state),)
        super().__init__("api_keys", "API keys", "api-keys")

    def within(self, scope: Scope) -> ColumnElement[bool]:  # noqa: ARG002 - keys belong to people, not to bots
        """Keep to one's own keys, unless one manages the site."""
        if can(identity.actor(), Permission.SITE_ADMIN):
            return true()
        return ApiKey.user_id == identity.person().view.id

    def may(self, operation: Operation, row: Any = None) -> bool:
        """Let nobody revoke a key twice."""
        return super().may(operation, row) and (
            operation is not Operation.DELETE or row is None or row.revoked_at is None
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Answer:
        """Show an empty form, or the key that a filled one makes: this once."""
        form = self.fill_form(None, request.form if request.method == "POST" else None)
        if request.method == "POST" and form.validate():
            by_person(KEYS)
            made: Any = self.create_model(form)
            if made is not None:
                return self._show_once(*made)
        return self._render_form(self.create_template, form), _REFUSED if form.summary() else 200

    @expose("/rotate/", methods=("GET", "POST"))
    def rotate_view(self) -> Answer:
        """Ask how long the old secret works on, or show the new one: this once."""
        row = self.get_one(request.values.get("id", ""))
        form = RotateForm(request.form if request.method == "POST" else None)
        if request.method == "POST" and form.validate():
            by_person(KEYS)
            grace = timedelta(hours=int(form.hours.data))
            made = self._write(form, lambda uow: _rotate(uow, row, grace))
            if made is not None:
                return self._show_once(*made)
        page = self._render_form("admin/api_keys/rotate.html", form, row)
        return page, _REFUSED if form.summary() else 200

    def _show_once(self, key: Any, secret: Any) -> Answer:
        # What other processes remember is ended by a hint; this one knows already.
        services().keys.forget(key.public_id)
        values = {"key": key, "secret": secret.reveal(), "url": settings().web.public_url}
        page = self.render("admin/api_keys/made.html", title=key.name, **values)
        return page, _CREATED

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Put words beside what the rows hold."""
        session, now = services().session(), services().shared.clock.now()
        makers = {user.id: user for user in accounts.list_users(session)}
        for row in rows:
            row.view, row.maker = to_view(row), makers.get(row.user_id)
            row.state = row.view.state(now)
            row.is_mine = row.user_id == identity.person().view.id
        return rows

    def details_values(self, row: Any) -> dict[str, Any]:
        """Add what it may do now, beside what it was made for."""
        self.prepare([row])
        record = services().keys.look_up(row.public_id)
        return super().details_values(row) | {
            "scopes": [
                (scope.value, EFFECTS[scope].capitalize(), record and can_anywhere(record.actor, scope))
                for scope in sorted(row.view.scopes)
            ],
            "is_orphaned": record is None or record.is_orphaned,
        }

    def menu_of(self, row: Any) -> list[MenuItem]:
        """Add rotating one's own keys that work."""
        items = super().menu_of(row)
        if row.is_mine and row.state is KeyState.LIVE:
            items.insert(1, MenuItem("Rotate…", "restart", self.url_of("rotate_view", id=row.id)))
        return items

    def prepare_form(self, form: PanelForm, row: Any) -> None:  # noqa: ARG002 - keys are made, never changed
        """Offer what the person may put into a key."""
        offer(form, identity.actor())

    def create(self, uow: UnitOfWork, actor: Actor, values: dict[str, Any]) -> object:
        """Make the key. Gives it with its secret."""
        peppers, user_id = services().keys.peppers, identity.person().view.id
        return service.make_key(uow, actor, peppers, user_id=user_id, **read_form(values))

    def remove(self, uow: UnitOfWork, actor: Actor, row: Any) -> None:
        """Revoke it."""
        service.revoke_key(uow, actor, row.id)

    def do_revoke(self, row: Any) -> None:
        """Revoke one of several."""
        with services().unit_of_work() as uow:
            service.revoke_key(uow, identity.actor(), row.id)
            uow.commit()

    def empty(self) -> Empty:
        """Say what keys are for."""
        return Empty(
            "No API keys yet",
            "With a key a script can list bots, start and stop them, and read what commands did.",
            self.url_of("create_view"),
            "Make an API key",
        )


def _rotate(uow: UnitOfWork, row: Any, grace: timedelta) -> Any:
    return service.rotate_key(uow, identity.actor(), services().keys.peppers, row.id, grace=grace)


def _has_state(word: str) -> ColumnElement[bool]:
    now = services().shared.clock.now()
    conditions = {
        "live": and_(ApiKey.revoked_at.is_(None), ApiKey.expires_at > now),
        "expired": and_(ApiKey.revoked_at.is_(None), ApiKey.expires_at <= now),
        "revoked": ApiKey.revoked_at.is_not(None),
    }
    return conditions[word]
