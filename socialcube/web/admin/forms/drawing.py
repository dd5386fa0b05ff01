"""What a drawn field tells assistive technology about itself."""

from typing import Any

from wtforms import Field


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
