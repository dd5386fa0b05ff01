"""The page for site admins, and its one button."""

from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobState, JobView
from socialcube.domain.key_rotation import queries, service
from socialcube.domain.key_rotation.types import RotationOutcome
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.context import services

blueprint: Final = Blueprint("token_keys", __name__, url_prefix="/admin/token-keys")


@blueprint.get("")
@guard.needs(Permission.SITE_ADMIN)
def show() -> str:
    """Show which key how much is sealed to."""
    session = services().session()
    uses = queries.list_key_uses(session, services().sealer)
    job = jobs.find_latest(session, JobKind.ROTATE_KEYS)
    return render_template(
        "pages/token_keys/show.html",
        uses=uses,
        stale=sum(use.count for use in uses if not use.is_newest),
        job=job,
        outcome=_outcome(job),
    )


@blueprint.post("/rotate")
@guard.needs(Permission.SITE_ADMIN)
@guard.recent
@back_to("token_keys.show")
def rotate() -> ResponseReturnValue:
    """Ask the fleet to seal everything to the newest key."""
    with services().unit_of_work() as uow:
        service.ask_rotation(uow, identity.actor(), services().sealer)
        uow.commit()
    return done("The bot runners seal everything to the newest key.", url_for("token_keys.show"))


def _outcome(job: JobView | None) -> RotationOutcome | None:
    if job is None or job.state is not JobState.DONE or job.result is None:
        return None
    return RotationOutcome.from_json(job.result)
