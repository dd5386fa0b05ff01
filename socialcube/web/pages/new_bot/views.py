"""The page itself. Everything it knows is in the address and the database, so leaving keeps it."""

from itertools import chain
from typing import Any
from uuid import UUID

from flask import render_template, request

from socialcube.domain.access.policy import can, require
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.bots.policy import Preset
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds.policy import name_permissions
from socialcube.infra import sandbox_door
from socialcube.infra.sandbox_door import SandboxGuild
from socialcube.kernel.errors import SocialCubeError, UnavailableError
from socialcube.web import guard, identity
from socialcube.web.context import services, settings
from socialcube.web.pages.bots.head import find_taking
from socialcube.web.pages.bots.seeing import find_asked
from socialcube.web.pages.invitations import invite_url, needed_permissions
from socialcube.web.pages.links import chat_url
from socialcube.web.pages.new_bot.blueprint import blueprint
from socialcube.web.pages.new_bot.page import Asked, Progress, Step, make_progress
from socialcube.web.pages.new_bot.templates import list_templates
from socialcube.web.pages.sight import SIGHTS


@blueprint.get("")
@guard.signed_in
def show() -> str:
    """Show the page for a bot that is being made, or for a new one."""
    bot_id = request.args.get("bot", type=UUID)
    if bot_id is None:
        return render_start()
    bot = guard.bot(bot_id, Permission.BOT_EDIT)
    return _render(make_progress(services().session(), identity.actor(), bot, _asked()))


def render_start(problem: SocialCubeError | None = None) -> str:
    """Show the first step, with what was wrong with the token that was tried last.

    Raises:
        ForbiddenError: the person may not create bots.
    """
    require(identity.actor(), Permission.BOT_CREATE)
    return _render(None, problem=problem)


def _render(progress: Progress | None, **values: Any) -> str:
    here = _list_joinable(progress)
    needed = _needed(progress.bot.id) if progress else 0
    return render_template(
        "pages/new_bot/show.html",
        progress=progress,
        step=progress.step if progress else Step.TOKEN,
        sights=SIGHTS,
        presets=Preset,
        invite_url=invite_url(progress.bot, progress.preset, needed) if progress else "",
        needed=name_permissions(needed),
        joinable=here,
        templates=list_templates(),
        chat_url=chat_url(),
        taking=find_taking(services().session(), progress.bot) if progress else None,
        seeing=find_asked(progress.bot.id, request.args.get("seeing", type=UUID)) if progress else None,
        may_publish=progress is not None and _may_publish(progress.bot.id),
        **values,
    )


def _needed(bot_id: UUID) -> int:
    """Give what the bot's commands and the first ones to choose from need, as permission bits."""
    starters = (commands.permissions_in(item.document.model_dump()) for item in list_templates())
    return needed_permissions(services().session(), bot_id, besides=chain.from_iterable(starters))


def _may_publish(bot_id: UUID) -> bool:
    actor, bot = identity.actor(), Subject.bot(bot_id)
    return can(actor, Permission.COMMAND_EDIT, bot) and can(actor, Permission.COMMAND_PUBLISH, bot)


def _list_joinable(progress: Progress | None) -> list[SandboxGuild]:
    """List the sandbox's servers that the bot is not in: nobody invites bots there otherwise."""
    sandbox = settings().sandbox
    if sandbox is None or progress is None:
        return []
    present = {guild.external_id for guild in progress.guilds}
    try:
        return [guild for guild in sandbox_door.list_guilds(sandbox) if guild.id not in present]
    except UnavailableError:
        return []


def _asked() -> Asked:
    step, preset = request.args.get("step", ""), request.args.get("preset", "")
    return Asked(
        step=Step(step) if step in set(Step) else None,
        preset=Preset(preset) if preset in set(Preset) else Preset.ANSWER,
        job_id=request.args.get("job", type=UUID),
    )
