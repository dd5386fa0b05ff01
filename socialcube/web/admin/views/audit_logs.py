"""Who changed what."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from flask import jsonify, redirect, url_for
from flask_admin import expose
from flask_admin.model.base import ViewArgs
from pydantic import ValidationError
from sqlalchemy import ColumnElement, true
from werkzeug.wrappers import Response

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.audit import policy, queries
from socialcube.domain.audit.documents import AuditFilter
from socialcube.domain.audit.models import AuditLog
from socialcube.domain.exports import service as exports
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind
from socialcube.web import identity
from socialcube.web.admin.audit.lines import make_lines, who_choices
from socialcube.web.admin.audit.seal import Seal, ask_check, read_seal
from socialcube.web.admin.lists.chips import first_page
from socialcube.web.admin.lists.filters import ChoiceFilter, MomentFilter, PanelFilter, TextFilter
from socialcube.web.admin.lists.menu import MenuItem
from socialcube.web.admin.lists.views import COUNT_LIMIT, Empty, Page
from socialcube.web.admin.needs import Needs, Operation
from socialcube.web.admin.scoping import on_site
from socialcube.web.admin.secure import SecureView
from socialcube.web.context import services
from socialcube.web.paths import wants_json
from socialcube.web.shell.choice import shown

_MAX_DIGITS: Final = 18
_ACTIONS: Final = sorted(policy.ACTIONS.items(), key=lambda item: item[1])
_SUBJECTS: Final = sorted(policy.SUBJECTS.items(), key=lambda item: item[1])
_FIELDS: Final = ("who", "action", "subject_kind", "address", "after", "before")


class AuditLogsView(SecureView):
    """Every change and every refusal, in the order of their commits."""

    table = AuditLog
    needs = Needs(view=Permission.SITE_ADMIN, export=Permission.SITE_ADMIN)
    more_endpoints: ClassVar[Mapping[str, Operation]] = {
        "check": Operation.VIEW,
        "check_state": Operation.VIEW,
    }
    nav = "logs"
    noun = "change"

    column_list = ("occurred_at", "did", "thing", "changes", "who", "bot_id", "address")
    column_details_list = ("event_id",)
    column_labels: ClassVar[dict[str, str]] = {
        "occurred_at": "Time",
        "did": "What",
        "thing": "To what",
        "changes": "Before → after",
        "who": "Who",
        "bot_id": "Bot",
        "address": "From where",
    }
    column_wide = frozenset({"changes", "bot_id", "address"})
    column_state = "did"
    cells_template = "admin/cells/audit.html"
    list_template = "admin/audit/list.html"
    details_template = "admin/audit/details.html"
    export_template = "admin/parts/export_job.html"
    words_for_paging = ("Newer", "Older")
    table_class = "log-list audit-list"
    follows_choice = True
    sortable: ClassVar[Mapping[str, Any]] = {}
    search_words = "Who, what, id, address or a value"

    def __init__(self) -> None:
        # What each means to the database stands in the domain; here is only what may be typed.
        self.column_filters = (
            ChoiceFilter("Who", who_choices, _nothing),
            ChoiceFilter("What", _ACTIONS, _nothing),
            ChoiceFilter("To what", _SUBJECTS, _nothing),
            TextFilter("Address", _nothing),
            MomentFilter("From", "after", _nothing),
            MomentFilter("Until", "before", _nothing),
        )
        for name, each in zip(_FIELDS, self.column_filters, strict=True):
            each.takes = _taker(name)
        super().__init__("audit_logs", "Audit", "logs/audit")

    def init_search(self) -> bool:
        """Let people search; the query knows where."""
        return True

    def get_sortable_columns(self) -> dict[str, Any]:
        """Let nobody sort: the order is that of the commits, and pages go on from an id."""
        return {}

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """Show all or nothing: it belongs to the site."""
        return on_site(scope)

    def is_cursor(self, text: str) -> bool:
        """Tell whether a text is an id."""
        return text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS

    def read_filter(self, state: ViewArgs) -> AuditFilter:
        """Give what the address asks for, within the bots that the pages show."""
        values: dict[str, Any] = {"text": state.search or ""}
        for index, _, value in state.filters or ():
            found: PanelFilter = (self._filters or [])[index]
            values[_FIELDS[index]] = found.clean(value)
        return AuditFilter(**values).within(shown(identity.scope(self.needs.view)))

    def load_page(self, state: ViewArgs) -> Page:
        """Read a page by the id where the last one ended."""
        session, filters, size = services().session(), self.read_filter(state), state.page_size
        before, after = state.extra_args.get("before"), state.extra_args.get("after")
        if after:
            found = queries.list_newer(session, filters, int(after), size + 1)
            rows, is_more_newer, is_more_older = found[-size:], len(found) > size, True
        else:
            found = queries.list_older(session, filters, int(before) if before else None, size + 1)
            rows, is_more_newer, is_more_older = found[:size], bool(before), len(found) > size
        back = self._url_at(state, after=str(rows[0].id)) if rows and is_more_newer else None
        on = self._url_at(state, before=str(rows[-1].id)) if rows and is_more_older else None
        count = queries.count_up_to(session, filters, COUNT_LIMIT)
        words = f"{COUNT_LIMIT - 1:,}+" if count >= COUNT_LIMIT else f"{count:,}"
        return Page(make_lines(rows), words, back, on)

    def seal(self) -> Seal:
        """Give what is known about the chain."""
        return read_seal()

    def title_of(self, row: Any) -> str:
        """Name a change by what was done."""
        entry = getattr(row, "entry", row)
        return f"{policy.describe_action(entry.action)} ({entry.id})"

    def menu_of(self, row: Any) -> list[MenuItem]:
        """Lead to all that was noted, and to the request."""
        items = [MenuItem("Open", "eye", str(self.object_url(row)))]
        if request_url := self.request_url(row):
            items.append(MenuItem("Its request", "search", request_url))
        return items

    def request_url(self, row: Any) -> str:
        """Lead to the request that an entry came with, empty when it came without."""
        key = getattr(row, "entry", row).request_id
        return url_for("request_logs.index_view", search=key) if key else ""

    def details_values(self, row: Any) -> dict[str, Any]:
        """Add the entry in words."""
        (line,) = make_lines([queries.to_entry(row)])
        return super().details_values(row) | {"line": line, "row_of_chain": row}

    def empty(self) -> Empty:
        """Say what stands here."""
        return Empty("Nothing was changed yet", "Every change, sign-in and refusal is noted here.")

    @expose("/export/", methods=("POST",))
    def export(self) -> Response:
        """Ask for the entries that the address describes as a file, which a worker writes."""
        filters = self.read_filter(self.read_state()).model_dump(mode="json", exclude_none=True)
        with services().unit_of_work() as uow:
            job_id = exports.ask_export(uow, identity.actor(), "audit", filters=filters)
            uow.commit()
        return _answer(url_for("export_jobs.show", job_id=job_id))

    @expose("/check/", methods=("POST",))
    def check(self) -> Response:
        """Ask a worker to check every entry."""
        ask_check(identity.actor())
        if wants_json():
            return jsonify(url=self.url_of("check_state"))
        return redirect(self.url_of("index_view"), 303)

    @expose("/check/state/")
    def check_state(self) -> Response:
        """Say how far the check is that was asked for last."""
        job = jobs.find_latest(services().session(), JobKind.VERIFY_AUDIT)
        if job is None:
            return jsonify(is_open=False, progress=0)
        return jsonify(is_open=not job.state.is_end, progress=job.progress)

    def _url_at(self, state: ViewArgs, **place: str) -> str:
        state = first_page(state)
        return self.list_url(state.clone(extra_args=state.extra_args | place))


def _answer(url: str) -> Response:
    return jsonify(url=url) if wants_json() else redirect(url, 303)


def _nothing(_value: Any) -> ColumnElement[bool]:
    return true()


def _taker(name: str) -> Any:
    """Tell whether the log can be filtered by a value; one that it cannot hold filters nothing."""

    def takes(value: Any) -> bool:
        try:
            AuditFilter(**{name: value})
        except ValidationError:
            return False
        return True

    return takes
