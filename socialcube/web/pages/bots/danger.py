"""What cannot be undone, or must happen at once: tokens and deletion."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import service
from socialcube.domain.bots.errors import TokenMissingError
from socialcube.domain.bots.policy import KEPT
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.domain.key_rotation import service as key_rotation
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.auth import limits
from socialcube.web.context import services
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.links import link
from socialcube.web.pages.tokens import read_token


class NameNotTypedError(InvalidInputError):
    """That is not its name, so nothing was deleted."""

    code = "name_not_typed"
    remedy = "Type the bot's name exactly as it stands above, then press Delete."


@blueprint.post("/<uuid:bot_id>/token")
@guard.needs(Permission.BOT_TOKEN)
@guard.recent
@back_to("bot.show_settings")
def replace_token(bot_id: UUID) -> ResponseReturnValue:
    """Give the bot a new token of the same application. It is sealed before it touches the database."""
    bot = guard.bot(bot_id, Permission.BOT_TOKEN)
    token = read_token()
    found = services().directory.identify(token)
    with services().unit_of_work() as uow:
        service.replace_token(uow, identity.actor(), services().sealer, bot_id, identity=found, token=token)
        uow.commit()
    return done(f"{bot.name} has its new token.", url_for("bot.show_settings", bot_id=bot_id))


@blueprint.post("/<uuid:bot_id>/reseal")
@guard.needs(Permission.BOT_TOKEN)
@back_to("bot.show_settings")
def reseal(bot_id: UUID) -> ResponseReturnValue:
    """Ask the fleet to seal the present token again, to the newest key. The bot goes on meanwhile."""
    bot = guard.bot(bot_id, Permission.BOT_TOKEN)
    if not bot.has_token:
        raise TokenMissingError(name=bot.name)
    limits.politely(limits.QUESTIONS)
    with services().unit_of_work() as uow:
        job_id = key_rotation.ask_reseal(uow, identity.actor(), services().sealer, bot_id)
        uow.commit()
    url = url_for("bot.show_settings", bot_id=bot_id, sealing=job_id, _anchor="seal")
    return done("A runner seals it anew.", url)


def find_sealing(bot_id: UUID, job_id: UUID | None) -> JobView | None:
    """Find what became of the last request to seal this bot's token anew."""
    job = jobs.find_job(services().session(), job_id) if job_id else None
    return job if job and job.bot_id == bot_id and job.kind == JobKind.RESEAL_TOKEN else None


@blueprint.post("/<uuid:bot_id>/leaked")
@guard.needs(Permission.BOT_TOKEN)
@back_to("bot.show_settings")
def report_leak(bot_id: UUID) -> ResponseReturnValue:
    """Stop the bot at once and destroy its token, because somebody else may have it.

    It asks for no new proof of who this is: a minute counts, and all that is lost is a token that must be
    reset anyway.
    """
    bot = guard.bot(bot_id, Permission.BOT_TOKEN)
    with services().unit_of_work() as uow:
        service.report_leak(uow, identity.actor(), bot_id)
        uow.commit()
    url = url_for("bot.show_settings", bot_id=bot_id, _anchor="token")
    return done(f"{bot.name} stops. Now reset its token at Discord, and paste the new one here.", url)


@blueprint.post("/<uuid:bot_id>/delete")
@guard.needs(Permission.BOT_DELETE)
@guard.recent
@back_to("bot.show_settings")
def delete(bot_id: UUID) -> ResponseReturnValue:
    """Take the bot away and destroy its token, once its name was typed. The rest can be restored."""
    bot = guard.bot(bot_id, Permission.BOT_DELETE)
    if request.form.get("name", "").strip() != bot.name:
        raise NameNotTypedError
    with services().unit_of_work() as uow:
        service.delete_bot(uow, identity.actor(), bot_id)
        uow.commit()
    return done(
        f"{bot.name} is deleted, and its token destroyed. The rest can be restored for {KEPT.days} days.",
        link("bots.index_view") or url_for("home.show"),
    )
