"""Start, stop, restart, and questions to the runner. Each answers at once; the page shows the rest live."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import service
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.jobs.types import JobKind
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.context import services
from socialcube.web.pages.asking import ask_runner
from socialcube.web.pages.bots.blueprint import blueprint


@blueprint.post("/<uuid:bot_id>/start")
@guard.needs(Permission.BOT_CONTROL)
@back_to("bot.show")
def start(bot_id: UUID) -> ResponseReturnValue:
    """Wish that the bot runs. One that was stopped for a fault is tried again."""
    bot = guard.bot(bot_id, Permission.BOT_CONTROL)
    _wish(bot_id, DesiredState.RUNNING)
    return done(f"{bot.name} starts.", url_for("bot.show", bot_id=bot_id))


@blueprint.post("/<uuid:bot_id>/stop")
@guard.needs(Permission.BOT_CONTROL)
@back_to("bot.show")
def stop(bot_id: UUID) -> ResponseReturnValue:
    """Wish that the bot stops. What it is doing is finished first."""
    bot = guard.bot(bot_id, Permission.BOT_CONTROL)
    _wish(bot_id, DesiredState.STOPPED)
    return done(f"{bot.name} stops.", url_for("bot.show", bot_id=bot_id))


@blueprint.post("/<uuid:bot_id>/restart")
@guard.needs(Permission.BOT_CONTROL)
@back_to("bot.show")
def restart(bot_id: UUID) -> ResponseReturnValue:
    """Wish that the bot connects afresh, which spends one of today's starts."""
    bot = guard.bot(bot_id, Permission.BOT_CONTROL)
    with services().unit_of_work() as uow:
        service.restart_bot(uow, identity.actor(), bot_id)
        uow.commit()
    return done(f"{bot.name} restarts.", url_for("bot.show", bot_id=bot_id))


@blueprint.post("/<uuid:bot_id>/refresh")
@guard.needs(Permission.BOT_CONTROL)
@back_to("bot.show")
def refresh(bot_id: UUID) -> ResponseReturnValue:
    """Ask the runner to read the bot's servers again and to bring its commands in sync."""
    bot = guard.bot(bot_id, Permission.BOT_CONTROL)
    ask_runner(bot_id, JobKind.REFRESH_BOT)
    return done(
        f"{bot.name} looks at its servers and commands again. What it finds appears under What happened.",
        url_for("bot.show", bot_id=bot_id),
    )


@blueprint.post("/<uuid:bot_id>/look-elsewhere")
@guard.needs(Permission.COMMAND_VIEW)
@back_to("bot.show_commands")
def look_elsewhere(bot_id: UUID) -> ResponseReturnValue:
    """Ask the runner which commands somebody else registered for the bot."""
    guard.bot(bot_id, Permission.COMMAND_VIEW)
    job_id = ask_runner(bot_id, JobKind.COMMAND_PLAN)
    return done("", url_for("bot.show_commands", bot_id=bot_id, job=job_id, _anchor="elsewhere"))


def _wish(bot_id: UUID, state: DesiredState) -> None:
    with services().unit_of_work() as uow:
        service.set_desired_state(uow, identity.actor(), bot_id, state)
        uow.commit()
