"""Finds the command of a page for whoever asks. Foreign and absent ones answer alike."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.bots.types import BotView
from socialcube.domain.commands import queries
from socialcube.domain.commands.errors import CommandNotFoundError
from socialcube.domain.commands.types import CommandView
from socialcube.kernel.errors import ForbiddenError, NotFoundError
from socialcube.web import guard, identity
from socialcube.web.context import services


@dataclass(frozen=True, slots=True)
class Opened:
    """A command that somebody may see.

    Attributes:
        may_edit, may_publish: what else they may do with it.
    """

    command: CommandView
    bot: BotView
    may_edit: bool
    may_publish: bool


def open_command(command_id: UUID, permission: Permission = Permission.COMMAND_VIEW) -> Opened:
    """Find a command by its key.

    Raises:
        CommandNotFoundError: there is none, or none that this person may see.
        ForbiddenError: they may see it, and not do this with it.
    """
    command = queries.find_command(services().session(), command_id)
    if command is None:
        raise CommandNotFoundError(name=command_id)
    try:
        bot = guard.bot(command.bot_id, Permission.COMMAND_VIEW)
    except (NotFoundError, ForbiddenError):
        raise CommandNotFoundError(name=command_id) from None
    if permission is not Permission.COMMAND_VIEW:
        guard.bot(command.bot_id, permission)
    actor, subject = identity.actor(), Subject("command", str(command.id), bot.id)
    return Opened(
        command,
        bot,
        may_edit=can(actor, Permission.COMMAND_EDIT, subject),
        may_publish=can(actor, Permission.COMMAND_PUBLISH, subject),
    )
