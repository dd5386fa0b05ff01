"""The Settings tab: what people call the bot, how it looks at Discord, and what it may see."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.bots import service
from socialcube.domain.bots.errors import BotChangedError
from socialcube.domain.bots.policy import KEPT
from socialcube.domain.bots.types import BotView
from socialcube.domain.guilds import queries as guilds
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.context import services, settings
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.bots.danger import find_sealing
from socialcube.web.pages.bots.head import make_head
from socialcube.web.pages.bots.look_forms import (
    ACTIVITIES,
    PICTURES,
    STATUSES,
    ProfileForm,
    TypedPresence,
    find_profile,
)
from socialcube.web.pages.bots.seeing import find_asked
from socialcube.web.pages.links import portal_url
from socialcube.web.pages.sight import SIGHTS
from socialcube.web.paths import wants_json

_CHANGES: Final = (Permission.BOT_EDIT, Permission.BOT_TOKEN, Permission.BOT_DELETE)
"""One of these makes the tab worth opening."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form's fields.

    Attributes:
        tags: separated by commas.
        version: the one that a save replaces.
    """

    name: str
    description: str
    tags: str
    version: int


@blueprint.get("/<uuid:bot_id>/settings")
@guard.needs(Permission.BOT_VIEW)
def show_settings(bot_id: UUID) -> str:
    """Show what can be changed about the bot."""
    bot = guard.bot(bot_id, Permission.BOT_VIEW)
    if not any(can(identity.actor(), permission, Subject.bot(bot_id)) for permission in _CHANGES):
        guard.bot(bot_id, Permission.BOT_EDIT)
    return render_settings(bot)


@blueprint.post("/<uuid:bot_id>/settings")
@guard.needs(Permission.BOT_EDIT)
@back_to("bot.show_settings")
def edit(bot_id: UUID) -> ResponseReturnValue:
    """Save name, description and tags. What is refused stays typed; a conflict shows both values."""
    guard.bot(bot_id, Permission.BOT_EDIT)
    typed = _read()
    try:
        with services().unit_of_work() as uow:
            service.edit_bot(
                uow,
                identity.actor(),
                bot_id,
                version=typed.version,
                name=typed.name,
                description=typed.description,
                tags=_split(typed.tags),
            )
            uow.commit()
    except BotChangedError:
        if wants_json():
            raise
        bot = guard.bot(bot_id, Permission.BOT_EDIT)
        newer = Typed(typed.name, typed.description, typed.tags, bot.version)
        return render_settings(bot, newer, is_conflict=True), 409
    except InvalidInputError as error:
        if wants_json():
            raise
        # What was typed stays in the fields, which a redirect would lose.
        flash(f"{error.message} {error.remedy}".strip(), "error")
        return render_settings(guard.bot(bot_id, Permission.BOT_EDIT), typed), 422
    return done("Saved.", url_for("bot.show_settings", bot_id=bot_id))


def render_settings(
    bot: BotView,
    typed: Typed | None = None,
    *,
    presence: TypedPresence | None = None,
    profile: ProfileForm | None = None,
    **values: Any,
) -> str:
    """Show the tab. What a form was refused for stays in its fields.

    Args:
        bot: as it is stored now.
        typed: in the form of names; what is stored by default.
        presence: in the form of the presence; what is stored by default.
        profile: in the form of the profile; by default what is stored, and how far the last change is.
        values: for the template besides.
    """
    session = services().session()
    return render_template(
        "pages/bot/settings.html",
        head=make_head(session, identity.actor(), bot),
        tab="settings",
        typed=typed or Typed(bot.name, bot.description, ", ".join(bot.tags), bot.version),
        presence=presence or TypedPresence.of(bot),
        stored_presence=TypedPresence.of(bot),
        statuses=STATUSES,
        activities=ACTIVITIES,
        profile=profile or find_profile(bot, request.args.get("profile", type=UUID)),
        pictures=PICTURES,
        sights=[(sight, bool(bot.intents & sight.intent)) for sight in SIGHTS],
        seeing=find_asked(bot.id, request.args.get("seeing", type=UUID)),
        portal_url=portal_url(bot),
        sealing=find_sealing(bot.id, request.args.get("sealing", type=UUID)),
        kept_days=KEPT.days,
        setting_fields=guilds.get_form(session, bot.id).fields,
        manager_rules=guilds.get_manager_rules(session, bot.id),
        manage_url=settings().web.public_url + url_for("manage.show_servers"),
        **values,
    )


def _read() -> Typed:
    form = request.form
    return Typed(
        form.get("name", ""),
        form.get("description", ""),
        form.get("tags", ""),
        form.get("version", 0, type=int),
    )


def _split(tags: str) -> list[str]:
    return [tag.strip() for tag in tags.split(",") if tag.strip()]
