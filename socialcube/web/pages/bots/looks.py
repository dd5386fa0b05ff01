"""Changes how a bot looks: what it shows beside its name, and its profile at Discord."""

from dataclasses import replace
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import service
from socialcube.domain.bots.documents import parse_presence
from socialcube.domain.bots.errors import (
    BotChangedError,
    BotNotOnlineError,
    InvalidPresenceError,
    NothingToChangeError,
)
from socialcube.domain.bots.types import BotView, GatewayState, ProfileField
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.auth import limits
from socialcube.web.context import services
from socialcube.web.pages.asking import ask_runner
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.bots.look_forms import ProfileForm, ProfileWish, TypedPresence, read_profile
from socialcube.web.pages.bots.settings import render_settings
from socialcube.web.paths import wants_json

_ASK_SECONDS = 90.0


@blueprint.post("/<uuid:bot_id>/presence")
@guard.needs(Permission.BOT_EDIT)
def choose_presence(bot_id: UUID) -> ResponseReturnValue:
    """Choose what the bot shows beside its name. One that is online shows it within seconds."""
    bot, typed = guard.bot(bot_id, Permission.BOT_EDIT), TypedPresence.read()
    try:
        presence = parse_presence(typed.to_document())
        with services().unit_of_work() as uow:
            service.set_presence(uow, identity.actor(), bot_id, version=typed.version, presence=presence)
            uow.commit()
    except BotChangedError:
        if wants_json():
            raise
        newer = guard.bot(bot_id, Permission.BOT_EDIT)
        typed = replace(typed, version=newer.version, is_conflict=True)
        return render_settings(newer, presence=typed), 409
    except InvalidPresenceError as error:
        if wants_json():
            raise
        return render_settings(bot, presence=replace(typed, problem=f"{error.message} {error.remedy}")), 422
    is_online = bot.state.gateway is GatewayState.CONNECTED
    message = "Saved. It shows in a few seconds." if is_online else "Saved. It shows once the bot is online."
    return done(message, url_for("bot.show_settings", bot_id=bot_id, _anchor="presence"))


@blueprint.post("/<uuid:bot_id>/profile")
@guard.needs(Permission.BOT_EDIT)
@back_to("bot.show_settings")
def edit_profile(bot_id: UUID) -> ResponseReturnValue:
    """Ask the bot's runner to change its name, picture or banner at Discord. Only the fleet has the token."""
    bot = guard.bot(bot_id, Permission.BOT_EDIT)
    wish, problems = read_profile(bot)
    if problems:
        form = ProfileForm(wish.name or bot.profile.name, problems)
        return render_settings(bot, profile=form), 422
    if wish.is_empty:
        raise NothingToChangeError
    job_id = _ask(_require_online(bot), wish)
    url = url_for("bot.show_settings", bot_id=bot_id, profile=job_id, _anchor="profile")
    return done("Discord is asked.", url)


@blueprint.get("/<uuid:bot_id>/presence")
@blueprint.get("/<uuid:bot_id>/profile")
@guard.needs(Permission.BOT_VIEW)
def lead_back(bot_id: UUID) -> ResponseReturnValue:
    """Lead to the forms: what a browser shows after a refusal has the address that the form was sent to."""
    guard.bot(bot_id, Permission.BOT_VIEW)
    return redirect(url_for("bot.show_settings", bot_id=bot_id))


@blueprint.post("/<uuid:bot_id>/take-interactions")
@guard.needs(Permission.BOT_EDIT)
@back_to("bot.show")
def take_interactions(bot_id: UUID) -> ResponseReturnValue:
    """Ask Discord to send the bot's commands here rather than to the address that its application names."""
    bot = _require_online(guard.bot(bot_id, Permission.BOT_EDIT))
    job_id = ask_runner(bot.id, JobKind.TAKE_INTERACTIONS)
    if request.form.get("then") == "new":
        return done("Discord is asked.", url_for("new_bot.show", bot=bot_id, asked=job_id))
    return done("Discord is asked.", url_for("bot.show", bot_id=bot_id, asked=job_id))


def _require_online(bot: BotView) -> BotView:
    if bot.state.gateway is not GatewayState.CONNECTED:
        raise BotNotOnlineError(name=bot.name)
    return bot


def _ask(bot: BotView, wish: ProfileWish) -> UUID:
    limits.politely(limits.QUESTIONS)
    avatar, banner = (wish.pictures.get(part) for part in (ProfileField.AVATAR, ProfileField.BANNER))
    payload: dict[str, object] = {} if wish.name is None else {"name": wish.name}
    payload |= {part.value: len(picture.content) if picture else 0 for part, picture in wish.pictures.items()}
    with services().unit_of_work() as uow:
        job_id = jobs.ask(
            uow,
            identity.actor(),
            JobKind.EDIT_PROFILE,
            payload,
            target=fleet_target(bot.id),
            bot_id=bot.id,
            ttl_seconds=_ASK_SECONDS,
        )
        jobs.attach_file(uow, job_id, b"".join(picture.content for picture in (avatar, banner) if picture))
        uow.commit()
    return job_id
