from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.exports import service as exports
from socialcube.domain.jobs import service as jobs
from socialcube.web.context import services_of
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

CONTENT = b"name\r\nFern\r\n"


@pytest.fixture
def app(site: Site) -> Flask:
    return site.app


def unit(app: Flask) -> UnitOfWork:
    shared = services_of(app).shared
    return UnitOfWork(shared.writes())


def make_file(app: Flask, client: SignedInClient, source: str = "bots", **result: Any) -> UUID:
    """Store a job of this person with a file of two parts."""
    asker = f"user:{client.person.user.id}"
    told = {"name": "bots-20260102-0304.csv", "bytes": len(CONTENT), "rows": 1}
    scope = {"is_all": True, "bot_ids": []}
    with unit(app) as uow:
        job_id = exports.ask_export(uow, Actor.system("tests"), source)
        uow.session.execute(text("UPDATE jobs SET asked_by = :asker"), {"asker": asker})
        jobs.claim(uow, job_id, "w")
        for number, data in enumerate((CONTENT[:5], CONTENT[5:])):
            options: dict[str, Any] = {"number": number, "data": data, "percent": 50, "claim_seconds": 30}
            jobs.add_file_part(uow, job_id, "w", **options)
        jobs.finish(uow, job_id, "w", {**told, "scope": scope, **result})
        uow.commit()
    return job_id


def fetch(client: SignedInClient, job_id: UUID) -> TestResponse:
    return client.get(f"/admin/files/{job_id}")


def test_a_file_comes_as_an_attachment_that_no_browser_runs(app: Flask) -> None:
    client = sign_in(app)
    answer = fetch(client, make_file(app, client))
    assert (answer.status_code, answer.data) == (200, CONTENT)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=bots-20260102-0304.csv"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.cache_control.no_store


def test_files_of_others_and_files_that_are_not_there_answer_alike(app: Flask) -> None:
    mara, theo = sign_in(app), sign_in(app, name="Theo")
    foreign, absent = fetch(theo, make_file(app, mara)), fetch(theo, UUID(int=4))
    assert foreign.status_code == absent.status_code == 404


def test_a_right_that_is_gone_closes_the_door(app: Flask) -> None:
    viewer = sign_in(app, name="Vic", permissions=[Permission.BOT_VIEW], role=None)
    assert fetch(viewer, make_file(app, viewer)).status_code == 200
    assert fetch(viewer, make_file(app, viewer, "logs.commands")).status_code == 403


def test_a_stranger_is_sent_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get(f"/admin/files/{UUID(int=4)}")
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")


@pytest.mark.parametrize("path", ["x", "../../etc/passwd", "1"])
def test_what_is_no_key_is_not_found(app: Flask, path: str) -> None:
    assert sign_in(app).get(f"/admin/files/{path}").status_code == 404
