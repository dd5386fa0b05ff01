"""How far a file is that somebody asked for: a page that reloads, or JSON for the list's own script."""

from typing import Final
from uuid import UUID

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobState
from socialcube.kernel.errors import NotFoundError
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.paths import wants_json

blueprint: Final = Blueprint("export_jobs", __name__)


@blueprint.get("/admin/exports/<uuid:job_id>")
@guard.signed_in
def show(job_id: UUID) -> ResponseReturnValue:
    """Say how far the person's own file is.

    Raises:
        NotFoundError: there is none, or somebody else asked for it.
    """
    job = jobs.find_job(services().session(), job_id)
    if job is None or job.kind != JobKind.EXPORT or job.asked_by != str(identity.actor()):
        raise NotFoundError(kind="file")
    is_open = job.state in {JobState.QUEUED, JobState.RUNNING}
    url = url_for("files.download", job_id=job_id) if job.state is JobState.DONE else ""
    facts = {"is_open": is_open, "progress": job.progress, "problem": job.problem, "url": url}
    if wants_json():
        return jsonify(facts)
    return render_template("admin/export.html", active="logs", **facts)
