"""What every form has: its CSRF token, the version that the person saw, and problems to show."""

from dataclasses import dataclass
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, HiddenField

from socialcube.web.admin.forms.drawing import entry_title

OWN_FIELDS: Final = frozenset({"csrf_token", "version"})


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together.

    Attributes:
        title: what they are about.
        purpose: one or two sentences at their side.
        fields: names in order; two in a tuple stand side by side.
    """

    title: str
    purpose: str
    fields: tuple[str | tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the summary on top. `anchor` is the id of the field, empty when it is about the whole."""

    text: str
    anchor: str = ""


class PanelForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """Base of all forms.

    Attributes:
        problems: what is wrong with the whole of it.
        stored: by field name, what somebody else saved there since the person began.
        has_conflict: whether somebody did.
    """

    version = HiddenField()

    def __init__(self, formdata: Any = None, obj: Any = None, prefix: str = "", **values: Any) -> None:
        # Flask-Admin passes what was sent, or None; Flask-WTF would look for it by itself.
        super().__init__(formdata=formdata, obj=obj, prefix=prefix, **values)
        self.problems: list[str] = []
        self.stored: dict[str, Any] = {}
        self.has_conflict = False

    def values(self) -> dict[str, Any]:
        """Give what the fields hold now, by name. What else was sent is not there."""
        return {name: value for name, value in self.data.items() if name not in OWN_FIELDS}

    def seen_version(self) -> int:
        """Give the version that the person began with; 0 when it was tampered with, which conflicts."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0  # noqa: PLR2004 - digits

    def summary(self) -> list[Problem]:
        """List all that is wrong, each with a way to the field."""
        found = [Problem(text) for text in self.problems]
        for field in self:
            found += [Problem(f"{words}: {text}", anchor) for anchor, words, text in errors_of(field)]
        return found


def errors_of(field: Field) -> list[tuple[str, str, str]]:
    """List the problems of a field and of those inside it, as (id of the field, its label, sentence)."""
    words = field.label.text
    if isinstance(field, FieldList) and field.entries:
        own = [(field.id, words, text) for text in field.errors if isinstance(text, str)]
        return own + [problem for entry in field.entries for problem in _errors_inside(entry)]
    return [(field.id, words, str(text)) for text in field.errors]


def _errors_inside(entry: Field) -> list[tuple[str, str, str]]:
    title = entry_title(entry) or "new"
    return [
        (anchor, f"“{title}”, {words}", text) for field in entry for anchor, words, text in errors_of(field)
    ]
