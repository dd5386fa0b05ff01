"""Logs, the live view, jobs and files."""

from typing import Final

from tests.security.matrix.model import On, P, Row, row

_SEES: Final = {P.LOG_VIEW}


def _log(name: str, key: str) -> tuple[Row, ...]:
    base = f"/admin/logs/{name}"
    return (
        row(f"GET {base}/", P.LOG_VIEW, on=On.LIST, query="search=$word"),
        row(f"GET {base}/details/", P.LOG_VIEW, sees=_SEES, query=f"id=${key}"),
        row(f"POST {base}/export/", P.LOG_EXPORT, P.BOT_VIEW, on=On.LIST, query="search=$word"),
    )


def _site_log(name: str, need: P, key: str, *more: P) -> tuple[Row, ...]:
    base = f"/admin/logs/{name}"
    return (
        row(f"GET {base}/", need, on=On.SITE),
        row(f"GET {base}/details/", need, on=On.SITE, query=f"id=${key}"),
        row(f"POST {base}/export/", need, *more, on=On.SITE),
    )


LOGS: Final = (
    *_log("commands", "run_row"),
    *_log("bots", "log_row"),
    *_log("errors", "error_row"),
    *_site_log("requests", P.SYSTEM_VIEW, "request_row", P.BOT_VIEW),
    *_site_log("audit", P.SITE_ADMIN, "audit_row"),
    row("GET /admin/logs/audit/check/state/", P.SITE_ADMIN, on=On.SITE, gives={200, 404}),
    row("POST /admin/logs/audit/check/", P.SITE_ADMIN, on=On.SITE),
    row("GET /admin/live", P.LOG_VIEW, on=On.LIST),
    row("GET /admin/live/rates", P.LOG_VIEW, on=On.LIST),
    row("GET /admin/live/bots", on=On.LIST, wants_json=True),
    row("POST /admin/live/ticket", on=On.LIST, wants_json=True, gives={503}, changes=False),
    row(
        "GET /admin/live/rows",
        P.LOG_VIEW,
        on=On.LIST,
        query="stream=commands&only=bot:$bot_id",
        always_asks=True,
        wants_json=True,
    ),
    row(
        "GET /admin/live/jobs/<uuid:job_id>",
        P.COMMAND_EDIT,
        entry=None,
        sees=(),
        at={"job_id": "$trial_id"},
        wants_json=True,
    ),
    row(
        "GET /admin/live/jobs/<uuid:job_id>",
        on=On.SELF,
        at={"job_id": "$export_id"},
        wants_json=True,
        case="an export of one's own",
    ),
    row("GET /admin/runs/<uuid:run_id>", P.LOG_VIEW, entry=None, sees=()),
    row(
        "GET /admin/runs/<uuid:run_id>",
        P.LOG_VIEW,
        entry=None,
        sees=(),
        at={"run_id": "$error_id"},
        query="log=errors",
        case="an error",
    ),
    row("GET /admin/exports/<uuid:job_id>", on=On.SELF, at={"job_id": "$export_id"}),
    row("GET /admin/files/<uuid:job_id>", P.BOT_VIEW, on=On.SELF, entry=None, at={"job_id": "$export_id"}),
)
