"""A list as a CSV file: the rows and columns that the address shows, safe to open in a spreadsheet."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from flask import Response, stream_with_context
from flask_admin import expose
from werkzeug.utils import secure_filename

from socialcube.domain.audit import service as audit
from socialcube.domain.exports.policy import to_line
from socialcube.web import identity
from socialcube.web.context import services

MAX_ROWS: Final = 10_000


class Exports:
    """Mixin: the export of a small list. Logs are exported by a job."""

    export_types: ClassVar[list[str]] = ["csv"]

    @expose("/export/", methods=("POST",))
    def export(self) -> Response:
        """Send the list that the address describes, without its pages. That it was taken away is noted."""
        state = self.read_state()  # type: ignore[attr-defined]
        self._note(self.write_state(state))  # type: ignore[attr-defined]
        query = self._order(self.narrow(self.get_query(), state), state)  # type: ignore[attr-defined]
        rows = self.prepare(query.limit(MAX_ROWS).all())  # type: ignore[attr-defined]
        today = services().shared.clock.now().strftime("%Y-%m-%d")
        name = secure_filename(f"{self.endpoint}-{today}.csv")  # type: ignore[attr-defined]
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        # Cells look up names, which is done while the answer is sent, after the view has ended.
        return Response(stream_with_context(self._lines(rows)), mimetype="text/csv", headers=headers)

    def export_value(self, row: Any, column: str) -> Any:
        """Give what a cell holds in the file; a view says it where a cell is drawn."""
        return self._get_field_value(row, column)  # type: ignore[attr-defined]

    def _note(self, asked: dict[str, Any]) -> None:
        with services().unit_of_work() as uow:
            audit.record(
                uow,
                identity.actor(),
                "export.make",
                subject_kind="list",
                subject_id=self.endpoint,  # type: ignore[attr-defined]
                after={"filters": asked},
            )
            uow.commit()

    def _lines(self, rows: list[Any]) -> Iterator[str]:
        columns: list[tuple[str, str]] = self._export_columns  # type: ignore[attr-defined]
        yield to_line(label for _, label in columns)
        for row in rows:
            yield to_line(self.export_value(row, name) for name, _ in columns)
