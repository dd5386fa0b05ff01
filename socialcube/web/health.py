"""`/healthz` says that the process lives, `/readyz` what it depends on. Open to all, so they tell little."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Final

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from socialcube.db import schema
from socialcube.domain.placements import queries as placements
from socialcube.web import guard
from socialcube.web.context import services, settings

blueprint: Final = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Check:
    """How one dependency is.

    Attributes:
        ok: whether it can be relied on.
        message: one sentence for people; what to do when it is not.
    """

    ok: bool
    message: str


_AWAY: Final = Check(ok=False, message="The database does not answer.")


@blueprint.get("/healthz")
@guard.public
def live() -> Response:
    """Say that this process answers, whatever else is away."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@guard.public
def ready() -> tuple[Response, int]:
    """Say what is there and what is missing: 200 when all is well, else 503."""
    checks = {name: check() for name, check in CHECKS.items()}
    is_ready = all(check.ok for check in checks.values())
    body = {name: asdict(check) for name, check in checks.items()}
    return jsonify(status="ok" if is_ready else "not ready", checks=body), 200 if is_ready else 503


def _check_database() -> Check:
    return _read(_database_answers)


def _database_answers(session: Session) -> Check:
    session.execute(text("SELECT 1"))
    return Check(ok=True, message="The database answers.")


def _check_redis() -> Check:
    if services().shared.bus.ping():
        return Check(ok=True, message="Redis answers.")
    return Check(ok=False, message="Redis does not answer; changes reach bots and live views later.")


def _check_migrations() -> Check:
    try:
        found = schema.current_revision(services().shared.engine)
    except SQLAlchemyError:
        return _AWAY
    if found == _needed_revision():
        return Check(ok=True, message="The tables are those of this version.")
    return Check(ok=False, message="The tables are of another version; run `flask --app wsgi db upgrade`.")


def _check_runner() -> Check:
    return _read(_runner_lives)


def _runner_lives(session: Session) -> Check:
    if placements.list_living_runners(session, within=settings().fleet.lease_seconds):
        return Check(ok=True, message="A bot runner is alive.")
    return Check(ok=False, message="No bot runner is alive; start a `bots` process.")


def _read(question: Callable[[Session], Check]) -> Check:
    try:
        with services().shared.reads() as session:
            return question(session)
    except SQLAlchemyError:
        return _AWAY


@cache
def _needed_revision() -> str:
    return schema.head_revision()


CHECKS: Final[dict[str, Callable[[], Check]]] = {
    "database": _check_database,
    "redis": _check_redis,
    "migrations": _check_migrations,
    "runner": _check_runner,
}
