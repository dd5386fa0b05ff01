"""The Secrets tab: what HTTP steps may send, and to which host. A value goes in and never comes out."""

from typing import Final
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.bot_secrets import queries, service
from socialcube.domain.bot_secrets.types import MAX_VALUE_LENGTH
from socialcube.domain.bots.types import BotView
from socialcube.kernel.errors import ConflictError, InvalidInputError
from socialcube.kernel.secrets import Secret
from socialcube.web import guard, identity
from socialcube.web.answers import done
from socialcube.web.context import services
from socialcube.web.names import name_actor
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.bots.head import make_head
from socialcube.web.paths import wants_json

_REFUSED: Final = 422


@blueprint.get("/<uuid:bot_id>/secrets")
@guard.needs(Permission.SECRET_EDIT)
def show_secrets(bot_id: UUID) -> str:
    """Show which secrets the bot has."""
    bot = guard.bot(bot_id, Permission.SECRET_EDIT)
    return _render(bot, name=request.args.get("name", ""), host=request.args.get("host", ""))


@blueprint.post("/<uuid:bot_id>/secrets")
@guard.needs(Permission.SECRET_EDIT)
@guard.recent
def set_secret(bot_id: UUID) -> ResponseReturnValue:
    """Store a secret or replace one. What is refused keeps its name and host; the value is typed anew."""
    bot = guard.bot(bot_id, Permission.SECRET_EDIT)
    name, host = request.form.get("name", ""), request.form.get("host", "")
    # The line break at the end of what was copied is no part of it; one inside is refused.
    value = Secret(request.form.get("value", "").rstrip("\r\n"))
    try:
        with services().unit_of_work() as uow:
            service.set_secret(
                uow, services().sealer, identity.actor(), bot_id, name=name, host=host, value=value
            )
            uow.commit()
    except (InvalidInputError, ConflictError) as error:
        if wants_json():
            raise
        flash(f"{error.message} {error.remedy}".strip(), "error")
        return _render(bot, name=name, host=host), _REFUSED
    return done(f"The secret {name.strip()} is sealed.", url_for("bot.show_secrets", bot_id=bot_id))


@blueprint.post("/<uuid:bot_id>/secrets/<name>/delete")
@guard.needs(Permission.SECRET_EDIT)
@guard.recent
def delete_secret(bot_id: UUID, name: str) -> ResponseReturnValue:
    """Destroy a secret."""
    guard.bot(bot_id, Permission.SECRET_EDIT)
    with services().unit_of_work() as uow:
        service.delete_secret(uow, identity.actor(), bot_id, name)
        uow.commit()
    return done(f"The secret {name} is destroyed.", url_for("bot.show_secrets", bot_id=bot_id))


def _render(bot: BotView, *, name: str, host: str) -> str:
    session = services().session()
    secrets = queries.list_secrets(session, bot.id)
    return render_template(
        "pages/bot/secrets.html",
        head=make_head(session, identity.actor(), bot),
        tab="secrets",
        secrets=[(secret, name_actor(secret.set_by)) for secret in secrets],
        typed={"name": name, "host": host},
        replaces=name.strip() in {secret.name for secret in secrets},
        value_length=MAX_VALUE_LENGTH,
    )
