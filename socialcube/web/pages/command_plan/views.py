"""The doors of the plan: look, then apply what was seen."""

from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.commands import queries, service
from socialcube.domain.commands.errors import PlanChangedError
from socialcube.domain.commands.policy import CREATES_A_DAY
from socialcube.domain.jobs.types import JobKind
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.auth import limits
from socialcube.web.context import services
from socialcube.web.pages.asking import ask_runner
from socialcube.web.pages.bots.head import make_head
from socialcube.web.pages.command_plan.showing import find_question, group_by_place

blueprint: Final = Blueprint("command_plan", __name__, url_prefix="/admin/bots")


@blueprint.get("/<uuid:bot_id>/commands/plan")
@guard.needs(Permission.COMMAND_VIEW)
def show(bot_id: UUID) -> str:
    """Show what a runner found when it last compared, and what became of a question or a change."""
    bot, session = guard.bot(bot_id, Permission.COMMAND_VIEW), services().session()
    look = queries.find_look(session, bot_id)
    return render_template(
        "pages/command_plan/show.html",
        head=make_head(session, identity.actor(), bot),
        tab="commands",
        look=look,
        places=group_by_place(session, bot_id, look.plan) if look else [],
        question=find_question(session, bot_id, request.args.get("job", type=UUID)),
        creates_a_day=CREATES_A_DAY,
    )


@blueprint.post("/<uuid:bot_id>/commands/plan")
@guard.needs(Permission.COMMAND_VIEW)
@back_to("command_plan.show")
def ask(bot_id: UUID) -> ResponseReturnValue:
    """Ask the runner to compare now. Nothing is changed by it."""
    guard.bot(bot_id, Permission.COMMAND_VIEW)
    job_id = ask_runner(bot_id, JobKind.COMMAND_PLAN)
    return done("", url_for("command_plan.show", bot_id=bot_id, job=job_id))


@blueprint.post("/<uuid:bot_id>/commands/plan/apply")
@guard.needs(Permission.COMMAND_PUBLISH)
@back_to("command_plan.show")
def apply(bot_id: UUID) -> ResponseReturnValue:
    """Ask the runner to do what the person saw, and only that."""
    bot = guard.bot(bot_id, Permission.COMMAND_PUBLISH)
    limits.politely(limits.QUESTIONS)
    with services().unit_of_work() as uow:
        look, seen = queries.find_look(uow.session, bot_id), request.form.get("seen", "")
        if look is None or look.digest != seen:
            raise PlanChangedError
        job_id = service.ask_apply(uow, identity.actor(), bot_id, seen)
        uow.commit()
    url = url_for("command_plan.show", bot_id=bot_id, job=job_id)
    return done(f"The changes to the commands of {bot.name} are under way.", url)
