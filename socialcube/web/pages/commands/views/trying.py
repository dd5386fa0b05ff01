"""Tries a draft: asks a worker for a dry run, and shows its answer as soon as there is one."""

from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service
from socialcube.domain.jobs.errors import JobNotFoundError
from socialcube.domain.jobs.types import JobKind
from socialcube.web import guard, identity
from socialcube.web.auth import limits
from socialcube.web.context import services
from socialcube.web.pages.commands.blueprint import blueprint
from socialcube.web.pages.commands.finding import Opened, open_command
from socialcube.web.pages.commands.showing.people import list_things
from socialcube.web.pages.commands.showing.trials import OPTION, view_trial
from socialcube.web.pages.commands.views.rendering import is_trial_of, stored_draft

_SECONDS: Final = 40.0
_MAX_SAMPLE: Final = 100
_MAX_ANSWER: Final = 6000
"""What people can type into one option (Discord docs, Application Commands, `max_length`)."""


@blueprint.post("/<uuid:command_id>/try")
@guard.needs(Permission.COMMAND_EDIT)
def try_out(command_id: UUID) -> ResponseReturnValue:
    """Ask for a dry run of the stored draft."""
    opened = open_command(command_id, Permission.COMMAND_EDIT)
    limits.politely(limits.QUESTIONS)
    payload = {
        "bot_id": str(opened.bot.id),
        "command": opened.command.name,
        "options": _read_options(opened),
        "person": request.form.get("person", "").strip()[:_MAX_SAMPLE],
        "server": request.form.get("server", "").strip()[:_MAX_SAMPLE],
    }
    with services().unit_of_work() as uow:
        job_id = service.ask(
            uow, identity.actor(), JobKind.DRY_RUN, payload, bot_id=opened.bot.id, ttl_seconds=_SECONDS
        )
        uow.commit()
    return redirect(url_for("command.show", command_id=command_id, pane="try", trial=job_id), 303)


@blueprint.get("/<uuid:command_id>/tries/<uuid:job_id>")
@guard.needs(Permission.COMMAND_VIEW)
def show_trial(command_id: UUID, job_id: UUID) -> ResponseReturnValue:
    """Show one dry run by itself, for the page to take over while it waits."""
    opened = open_command(command_id)
    job = jobs.find_job(services().session(), job_id)
    if job is None or not is_trial_of(job, opened):
        raise JobNotFoundError(job_id=job_id)
    return render_template(
        "pages/command/trial_only.html",
        trial=view_trial(job),
        opened=opened,
        command=opened.command,
        bot=opened.bot,
    )


def _read_options(opened: Opened) -> dict[str, Any]:
    """Read what was typed into the fields of the draft's options. Empty ones are left out."""
    _, things = list_things(services().session(), opened.bot, identity.person().view)
    answers: dict[str, Any] = {}
    for option in stored_draft(opened).document.get("options", ()):
        value = request.form.get(OPTION + option["name"], "")[:_MAX_ANSWER]
        if value:
            known = {thing.id: thing.name for thing in things.get(option["type"], ())}
            answers[option["name"]] = {"id": value, "name": known[value]} if value in known else value
    return answers
