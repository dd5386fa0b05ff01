"""A list as a CSV file: the rows and columns that the address shows, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any, ClassVar, Final

from flask import Response
from flask_admin import expose
from werkzeug.utils import secure_filename

from socialcube.kernel.text import one_line
from socialcube.web.context import services

MAX_ROWS: Final = 10_000
_MAX_CELL: Final = 2000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Exports:
    """Mixin: the export of a small list. Logs are exported by a job."""

    export_types: ClassVar[list[str]] = ["csv"]

    @expose("/export/")
    def export(self) -> Response:
        """Send the list that the address describes, without its pages."""
        state = self.read_state()  # type: ignore[attr-defined]
        query = self._order(self.narrow(self.get_query(), state), state)  # type: ignore[attr-defined]
        rows = self.prepare(query.limit(MAX_ROWS).all())  # type: ignore[attr-defined]
        today = services().shared.clock.now().strftime("%Y-%m-%d")
        name = secure_filename(f"{self.endpoint}-{today}.csv")  # type: ignore[attr-defined]
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        return Response(self._lines(rows), mimetype="text/csv", headers=headers)

    def export_value(self, row: Any, column: str) -> Any:
        """Give what a cell holds in the file; a view says it where a cell is drawn."""
        return self._get_field_value(row, column)  # type: ignore[attr-defined]

    def _lines(self, rows: list[Any]) -> Iterator[str]:
        columns: list[tuple[str, str]] = self._export_columns  # type: ignore[attr-defined]
        yield _line([label for _, label in columns])
        for row in rows:
            yield _line([neutral(self.export_value(row, name)) for name, _ in columns])


def neutral(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    text = one_line(str(value), _MAX_CELL)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _line(cells: list[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
