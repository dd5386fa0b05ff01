"""The pages that create, edit, show and delete one row."""

from typing import Any, ClassVar, Final

from flask import flash, redirect, request
from flask_admin import expose
from werkzeug.wrappers import Response
from wtforms import Form

from socialcube.kernel.errors import VersionConflictError
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import words_of
from socialcube.web.admin.forms.conflicts import can_choose, show_both
from socialcube.web.admin.forms.drawing import described, entry_rows, entry_tags, entry_title
from socialcube.web.admin.forms.inline import apply_step
from socialcube.web.admin.forms.writes import FormWrites
from socialcube.web.admin.needs import Operation

Answer = Response | str | tuple[str, int]

TOOLS: Final = {
    "can_choose": can_choose,
    "described": described,
    "entry_rows": entry_rows,
    "entry_tags": entry_tags,
    "entry_title": entry_title,
    "words_of": words_of,
}
"""What `admin/lib.html` draws fields with."""

_CONFLICT: Final = 409
_REFUSED: Final = 422


class FormViews(FormWrites):
    """Mixin: create, edit, details and delete.

    Attributes:
        sections: how the fields are laid out; every field of the form is in one of them.
        new_title: what stands over the form of a new one, where `New …` does not fit.
        said_created: what is said once there is one, where `was created` does not fit.
        delete_help: what deleting one means.
        delete_verb: what the button says, and what is said afterwards.
        types_name: whether its name has to be typed first; not where nothing is lost.
    """

    form_base_class = PanelForm
    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"
    details_template = "admin/model/details.html"
    sections: ClassVar[tuple[Section, ...]] = ()
    new_title: ClassVar[str] = ""
    said_created: ClassVar[str] = ""
    delete_help: ClassVar[str] = "This cannot be undone."
    delete_verb: ClassVar[tuple[str, str]] = ("Delete", "was deleted")
    types_name: ClassVar[bool] = True

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Answer:
        """Show an empty form, or make a row of a filled one."""
        form = self.fill_form(None, _sent())
        if request.method == "POST" and not apply_step(form, request.form) and form.validate():
            key = self.create_model(form)
            if key is not None:
                flash(self.said_created or f"The {self.noun} was created.", "success")  # type: ignore[attr-defined]
                return redirect(self.url_after(str(key)), 303)
        return self._render_form(self.create_template, form), _status(form)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Answer:
        """Show a row in a form, or save a filled one."""
        key = request.args.get("id", "")
        row = self.get_for(Operation.EDIT, key)  # type: ignore[attr-defined]
        form = self.fill_form(row, _sent())
        if request.method == "POST" and not apply_step(form, request.form) and form.validate():
            try:
                if self.update_model(form, row):
                    flash("Your changes were saved.", "success")
                    return redirect(self.url_after(key), 303)
            except VersionConflictError:
                row = self.get_for(Operation.EDIT, key)  # type: ignore[attr-defined]
                show_both(form, self.fill_form(row, None))
        return self._render_form(self.edit_template, form, row), _status(form)

    @expose("/details/")
    def details_view(self) -> Answer:
        """Show all that may be seen of a row."""
        row = self.get_one(request.args.get("id", ""))  # type: ignore[attr-defined]
        return str(
            self.render(  # type: ignore[attr-defined]
                self.details_template,
                row=row,
                title=self.title_of(row),
                details=self._details_columns,  # type: ignore[attr-defined]
                **self.details_values(row),
            )
        )

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> Answer:
        """Ask before a row is taken away, for its name where something is lost."""
        key = request.values.get("id", "")
        row = self.get_for(Operation.DELETE, key)  # type: ignore[attr-defined]
        name = self.title_of(row)
        form = PanelForm(request.form if request.method == "POST" else None)
        if request.method == "POST" and form.validate():
            if self.types_name and request.form.get("typed", "").strip() != name.strip():
                form.problems.append("That is not its name. Type it exactly as it is written.")
            elif self.delete_model(row, form):
                flash(f"{name} {self.delete_verb[1]}.", "success")
                return redirect(self.url_of("index_view"), 303)  # type: ignore[attr-defined]
        return self._render_form("admin/model/delete.html", form, row), _status(form)

    def validate_form(self, form: Form) -> bool:
        """Check what was typed."""
        return request.method == "POST" and bool(form.validate())

    def fill_form(self, row: Any, sent: Any) -> PanelForm:
        """Make the form of a row, or of a new one, holding what was sent or else what is stored."""
        kind = self._create_form_class if row is None else self._edit_form_class  # type: ignore[attr-defined]
        form: PanelForm = kind(sent, obj=None if row is None else self.form_source(row))
        self.prepare_form(form, row)
        return form

    def prepare_form(self, form: PanelForm, row: Any) -> None:
        """Fill in choices that depend on the row or on who asks; a view says which."""

    def sections_of(self, form: PanelForm) -> tuple[Section, ...]:  # noqa: ARG002 - a view's may depend on it
        """Give how the fields are laid out."""
        return self.sections

    def form_values(self, row: Any) -> dict[str, Any]:  # noqa: ARG002 - a view's may look at it
        """Give what a view's own template of the form shows beside it."""
        return {}

    def form_source(self, row: Any) -> Any:
        """Give what fills the form; a view maps the row here when names or types differ."""
        return row

    def details_values(self, row: Any) -> dict[str, Any]:
        """Give what a details template needs beside the row."""
        return {"row_key": str(self.get_pk_value(row))}  # type: ignore[attr-defined]

    def title_of(self, row: Any) -> str:
        """Give the name of a row."""
        return str(row.name)

    def url_after(self, key: str) -> str:  # noqa: ARG002 - a view may lead to the row itself
        """Give where to go once a row was saved."""
        return self.url_of("index_view")  # type: ignore[attr-defined,no-any-return]

    def url_without(self, row: Any) -> str:
        """Give where to go when somebody gives up a form: where saving it would lead, or to the list."""
        if row is None:
            return self.url_of("index_view")  # type: ignore[attr-defined,no-any-return]
        return self.url_after(str(self.get_pk_value(row)))  # type: ignore[attr-defined]

    def _new_title(self) -> str:
        return self.new_title or f"New {self.noun}"  # type: ignore[attr-defined]

    def _render_form(self, template: str, form: PanelForm, row: Any = None) -> str:
        values = {
            "form": form,
            "row": row,
            "row_key": "" if row is None else str(self.get_pk_value(row)),  # type: ignore[attr-defined]
            "title": self._new_title() if row is None else self.title_of(row),
            "sections": self.sections_of(form),
            **self.form_values(row),
        }
        return str(self.render(template, **values, **TOOLS))  # type: ignore[attr-defined]


def _status(form: PanelForm) -> int:
    if form.has_conflict:
        return _CONFLICT
    return _REFUSED if form.summary() else 200


def _sent() -> Any:
    return request.form if request.method == "POST" else None
