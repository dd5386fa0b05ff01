"""Step 1: whose token is this? A good one makes the bot at once, sealed, and starts it."""

from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.accounts import service as accounts
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import InvalidBotNameError
from socialcube.domain.bots.types import BotIdentity, DesiredState
from socialcube.domain.jobs.types import JobKind
from socialcube.infra import sandbox_door
from socialcube.kernel.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from socialcube.kernel.secrets import Secret
from socialcube.web import guard, identity
from socialcube.web.answers import done
from socialcube.web.context import services, settings
from socialcube.web.errors import status_of
from socialcube.web.pages.asking import ask_runner
from socialcube.web.pages.new_bot.blueprint import blueprint
from socialcube.web.pages.new_bot.views import render_start
from socialcube.web.pages.tokens import read_token

MAX_SANDBOX_NAME: Final = 32


class NoSandboxError(NotFoundError):
    """These settings use another Discord, which makes no demo bots."""

    code = "no_sandbox"


@blueprint.post("/token")
@guard.needs(Permission.BOT_CREATE)
def check() -> ResponseReturnValue:
    """Check a token with Discord and make its bot."""
    try:
        return _make(read_token())
    except (InvalidInputError, ConflictError, UnavailableError) as error:
        return render_start(error), status_of(error)


@blueprint.post("/sandbox")
@guard.needs(Permission.BOT_CREATE)
def make_in_sandbox() -> ResponseReturnValue:
    """Make a bot in the sandbox, which gives its token, and go on as if that had been pasted."""
    sandbox = settings().sandbox
    if sandbox is None:
        raise NoSandboxError
    name = request.form.get("name", "").strip()
    try:
        if not 1 <= len(name) <= MAX_SANDBOX_NAME:
            raise InvalidBotNameError(max_length=MAX_SANDBOX_NAME)
        return _make(sandbox_door.create_bot(sandbox, name, guild_ids=())[0].token)
    except (InvalidInputError, ConflictError, UnavailableError) as error:
        return render_start(error), status_of(error)


@blueprint.post("/<uuid:bot_id>/inspect")
@guard.needs(Permission.BOT_EDIT)
def inspect(bot_id: UUID) -> ResponseReturnValue:
    """Ask the runner what is at Discord already. The page asks by itself once the bot is online."""
    guard.bot(bot_id, Permission.BOT_EDIT)
    job_id = ask_runner(bot_id, JobKind.INSPECT_BOT)
    kept: dict[str, Any] = {key: request.form[key] for key in ("step", "preset") if request.form.get(key)}
    return done("", url_for("new_bot.show", bot=bot_id, job=job_id, **kept))


def _make(token: Secret) -> ResponseReturnValue:
    parts, began = services(), services().shared.clock.now()
    found = parts.directory.identify(token)
    with parts.unit_of_work() as uow:
        bot_id = service.create_bot(uow, identity.actor(), parts.sealer, identity=found, token=token)
        maker = accounts.entrust_bot(uow, identity.actor(), bot_id)
        service.set_desired_state(uow, maker, bot_id, DesiredState.RUNNING)
        bot = queries.get_bot(uow.session, bot_id)
        uow.commit()
    if bot.created_at < began:
        flash(f"{bot.name} was deleted here before. It is back, with its commands and settings.", "success")
    else:
        flash(_say_found(found), "success")
    return redirect(url_for("new_bot.show", bot=bot_id), 303)


def _say_found(found: BotIdentity) -> str:
    """Say what Discord told of a token's bot before it is online."""
    parts = []
    if found.guild_count is not None:
        parts.append(f"in {found.guild_count:,} {'server' if found.guild_count == 1 else 'servers'}")
    if found.starts_left is not None:
        parts.append(f"with {found.starts_left:,} starts left today")
    return f"The token is of {found.name}, {', '.join(parts)}." if parts else f"The token is of {found.name}."
