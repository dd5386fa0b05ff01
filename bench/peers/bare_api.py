"""The same list as `/api/v1/command-logs`, from bare Flask and SQLAlchemy Core: no key, no limit, no log."""

import json
from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine, select

from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.types import Stream

_TABLE = TABLES[Stream.COMMANDS]
_FIELDS = (
    *("event_id", "occurred_at", "bot_id", "command_id", "command_name", "version", "guild_id", "guild_name"),
    *("channel_id", "user_id", "user_name", "outcome", "error_code", "error_message", "node_path"),
    *("duration_ms", "first_response_ms", "deferred", "options"),
)
_COLUMNS = [_TABLE.c[name] for name in _FIELDS]


def make_app(engine: Engine) -> Flask:
    """Make an application with that one address."""
    app = Flask("bare")

    @app.get("/api/v1/command-logs")
    def list_command_logs() -> Response:
        limit = int(request.args.get("limit", "50"))
        statement = select(*_COLUMNS).order_by(_TABLE.c.occurred_at.desc(), _TABLE.c.id.desc())
        with engine.connect() as connection:
            rows = connection.execute(statement.limit(limit + 1)).all()
        body = {"items": [_to_json(row) for row in rows[:limit]], "next": None}
        return Response(json.dumps(body), mimetype="application/json")

    return app


def _to_json(row: Any) -> dict[str, Any]:
    return {
        "event_id": str(row[0]),
        "occurred_at": _moment(row[1]),
        "bot_id": str(row[2]),
        "command_id": None if row[3] is None else str(row[3]),
        "command_name": row[4],
        "version": row[5],
        "guild_id": None if row[6] is None else str(row[6]),
        "guild_name": row[7],
        "channel_id": None if row[8] is None else str(row[8]),
        "user_id": str(row[9]),
        "user_name": row[10],
        "outcome": row[11],
        "error_code": row[12],
        "error_message": row[13],
        "node_path": row[14],
        "duration_ms": row[15],
        "first_response_ms": row[16],
        "deferred": row[17],
        "options": row[18],
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
