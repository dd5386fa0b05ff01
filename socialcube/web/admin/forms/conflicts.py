"""Two people changed the same thing: show both values, let one of them be chosen."""

from typing import Any, Final

from wtforms import Field

from socialcube.web.admin.forms.base import OWN_FIELDS, PanelForm

_ONE_VALUE: Final = frozenset({"StringField", "TextAreaField", "SelectField", "IntegerField", "DecimalField"})


def show_both(typed: PanelForm, stored: PanelForm) -> None:
    """Note in the typed form what differs from what is stored, and take the stored version over.

    Saving again then says: I have seen what the other one did.
    """
    typed.has_conflict = True
    typed.version.data = stored.version.data
    typed.stored = {
        field.name: stored[field.name].data
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


def _differs(typed: Field, stored: Field) -> bool:
    return bool(_plain(typed.data) != _plain(stored.data))


def _plain(value: Any) -> Any:
    # A browser sends line ends as CR LF, and nothing typed is an empty text.
    return (value or "").replace("\r\n", "\n") if value is None or isinstance(value, str) else value
