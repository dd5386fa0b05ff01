"""Changes what a bot may see: at Discord first, then here, since Discord refuses a bot that asks for more."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import service
from socialcube.domain.bots.types import BotView, GatewayState
from socialcube.domain.jobs import queries as job_queries
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind, JobState, JobView, fleet_target
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done, refused
from socialcube.web.auth import limits
from socialcube.web.context import services
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.sight import SIGHTS, intents_of

_ASK_SECONDS = 30.0
_LIMITED = sum(sight.intent for sight in SIGHTS)


class SightUnansweredError(InvalidInputError):
    """Discord has not switched this on: {problem}"""  # noqa: D415 - the problem ends itself

    code = "sight_unanswered"
    remedy = "Start the bot and save again, or switch it on in Discord's developer portal, under Bot."


def choose_intents(bot: BotView, intents: int) -> UUID | None:
    """Let the bot see exactly this.

    What is new must be allowed at Discord first. That takes the token, so a bot that is online is asked to
    do it; `apply_sight` follows once it has. One that is not tries with what it is given.

    Returns:
        The job that asks Discord, None when all is done already.
    """
    limits.politely(limits.QUESTIONS)
    is_more = bool(intents & _LIMITED & ~bot.intents)
    with services().unit_of_work() as uow:
        if is_more and bot.state.gateway is GatewayState.CONNECTED:
            job_id: UUID | None = jobs.ask(
                uow,
                identity.actor(),
                JobKind.SET_INTENTS,
                {"intents": intents & _LIMITED},
                target=fleet_target(bot.id),
                bot_id=bot.id,
                ttl_seconds=_ASK_SECONDS,
            )
        else:
            job_id = None
            service.set_intents(uow, identity.actor(), bot.id, intents)
        uow.commit()
    return job_id


def find_asked(bot_id: UUID, job_id: UUID | None) -> JobView | None:
    """Find a question of `choose_intents` about this bot."""
    job = job_queries.find_job(services().session(), job_id) if job_id else None
    return job if job and job.bot_id == bot_id and job.kind == JobKind.SET_INTENTS else None


@blueprint.post("/<uuid:bot_id>/sight")
@guard.needs(Permission.BOT_EDIT)
@back_to("bot.show_settings")
def choose_sight(bot_id: UUID) -> ResponseReturnValue:
    """Choose what the bot may see."""
    bot = guard.bot(bot_id, Permission.BOT_EDIT)
    asked = choose_intents(bot, intents_of(request.form.getlist("sight")))
    url = url_for("bot.show_settings", bot_id=bot_id, seeing=asked, _anchor="sight")
    return done("Discord is asked." if asked else "Saved.", url)


@blueprint.post("/<uuid:bot_id>/sight/<uuid:job_id>")
@guard.needs(Permission.BOT_EDIT)
def apply_sight(bot_id: UUID, job_id: UUID) -> ResponseReturnValue:
    """Connect afresh with what Discord has switched on. The page sends this by itself."""
    bot = guard.bot(bot_id, Permission.BOT_EDIT)
    job = find_asked(bot_id, job_id)
    if job is None or job.state is not JobState.DONE or job.result is None:
        error = SightUnansweredError(
            problem=job.problem if job and job.problem else "there is no answer yet."
        )
        return refused(error, url_for("bot.show_settings", bot_id=bot_id))
    granted = job.result.get("intents")
    with services().unit_of_work() as uow:
        wanted = job.payload.get("intents")
        allowed = wanted & granted if isinstance(wanted, int) and isinstance(granted, int) else 0
        service.set_intents(uow, identity.actor(), bot_id, allowed)
        uow.commit()
    if request.form.get("then") == "new":
        return done("", url_for("new_bot.show", bot=bot_id, step=request.form.get("step") or None))
    return done(f"{bot.name} connects afresh.", url_for("bot.show_settings", bot_id=bot_id, _anchor="sight"))
