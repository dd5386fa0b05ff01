"""What a drawn field tells assistive technology about itself."""

from typing import Any

from wtforms import Field

from socialcube.web.admin.forms.choices import words_of


def entry_title(entry: Field) -> str:
    """Name an entry of an inner list by what its first field holds; empty while that is."""
    return str(next(iter(entry)).data or "")


def entry_rows(entry: Field) -> list[list[Field]]:
    """Give the fields of an entry by the rows they are drawn in: its form says in `rows` which share one."""
    rows = getattr(entry.form, "rows", None) or list(entry.form._fields)
    return [[entry[name] for name in ([row] if isinstance(row, str) else row)] for row in rows]


def entry_tags(entry: Field) -> list[str]:
    """Give what a folded entry of an inner list says of itself: what was chosen in it, and what is ticked."""
    chosen = [words_of(field, field.data) for field in entry if field.type == "SelectField"]
    ticked = [field.label.text.lower() for field in entry if field.type == "BooleanField" and field.data]
    return [words for words in (*chosen, *ticked) if words]


def described(field: Field) -> dict[str, Any]:
    """Give the attributes that tie a field to its help and to its problem."""
    ids = [f"{field.id}-help"] if field.description else []
    attributes: dict[str, Any] = {}
    if field.errors:
        ids.append(f"{field.id}-err")
        attributes["aria-invalid"] = "true"
    if ids:
        attributes["aria-describedby"] = " ".join(ids)
    return attributes
