"""Two people changed the same thing: show both values, let one of them be chosen."""

from typing import Any, Final

from wtforms import Field, FieldList

from socialcube.web.admin.forms.base import OWN_FIELDS, PanelForm
from socialcube.web.admin.forms.drawing import entry_tags, entry_title

_ONE_VALUE: Final = frozenset({"StringField", "TextAreaField", "SelectField", "IntegerField", "DecimalField"})


def show_both(typed: PanelForm, stored: PanelForm) -> None:
    """Note in the typed form what differs from what is stored, and take the stored version over.

    Saving again then says: I have seen what the other one did.
    """
    typed.has_conflict = True
    typed.version.data = stored.version.data
    typed.stored = {
        field.name: _kept(stored[field.name])
        for field in typed
        if field.name not in OWN_FIELDS and _differs(field, stored[field.name])
    }
    typed.problems.append(
        "Somebody else saved this while you were editing. "
        + (
            "Choose which value to keep, then save again."
            if typed.stored
            else "Nothing you changed differs; save again."
        )
    )


def can_choose(field: Field) -> bool:
    """Tell whether both values fit into one line each, to choose between."""
    return field.type in _ONE_VALUE


def _kept(stored: Field) -> Any:
    """Give what is shown of a stored field: its value, or a line for each entry of a list."""
    if not isinstance(stored, FieldList):
        return stored.data
    return [", ".join((entry_title(entry), *entry_tags(entry))) for entry in stored]


def _differs(typed: Field, stored: Field) -> bool:
    return bool(_plain(typed.data) != _plain(stored.data))


def _plain(value: Any) -> Any:
    # A browser sends line ends as CR LF, and nothing typed is an empty text.
    return (value or "").replace("\r\n", "\n") if value is None or isinstance(value, str) else value
