"""Collects what is wrong with a body, nested as the body is."""

from dataclasses import dataclass, field
from typing import Any

from socialcube.sandbox.errors import InvalidFormError


@dataclass(slots=True)
class Report:
    """Problems of one place in a body and of the places below it.

    Discord nests them by field name and list index and puts each place's own under `_errors`
    (Discord docs, "Reference" > "Error Messages").
    """

    own: list[dict[str, str]] = field(default_factory=list)
    below: dict[str, "Report"] = field(default_factory=dict)

    def at(self, key: str | int) -> "Report":
        """Give the report for a field or a list index."""
        return self.below.setdefault(str(key), Report())

    def add(self, code: str, message: str) -> None:
        """Note a problem here."""
        self.own.append({"code": code, "message": message})

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is wrong here or below."""
        return not self.own and all(report.is_clean for report in self.below.values())

    def errors(self) -> dict[str, Any]:
        """Give the problems as Discord's `errors` object: those below a place, or else its own."""
        nested: dict[str, Any] = {
            key: report.errors() for key, report in self.below.items() if not report.is_clean
        }
        return nested or {"_errors": self.own}

    def raise_if_any(self) -> None:
        """Raise InvalidFormError when something is wrong."""
        if not self.is_clean:
            raise InvalidFormError(self.errors())
