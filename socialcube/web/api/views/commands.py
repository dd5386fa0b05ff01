"""The commands of a bot."""

from typing import Final
from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.commands import queries
from socialcube.domain.commands.errors import CommandNotFoundError
from socialcube.web import guard
from socialcube.web.api.blueprint import v1
from socialcube.web.api.cursors import write_cursor
from socialcube.web.api.operations import operation
from socialcube.web.api.shapes.commands import (
    Command,
    CommandDetail,
    CommandPage,
    CommandsQuery,
)
from socialcube.web.api.views.bots import read_after
from socialcube.web.context import services

_TAG: Final = "Commands"
_CURSOR: Final = "commands"


@v1.get("/bots/<bot_id>/commands")
@guard.needs(Permission.COMMAND_VIEW)
@operation(_TAG, "List the commands of a bot")
def list_commands(bot_id: UUID, query: CommandsQuery) -> CommandPage:
    """List all commands of a bot, drafts included, in the order in which they were made."""
    guard.bot(bot_id, Permission.COMMAND_VIEW)
    after = None if query.cursor is None else read_after(_CURSOR, query.cursor)
    found = queries.list_commands_after(services().session(), bot_id, after, query.limit + 1)
    page = found[: query.limit]
    following = write_cursor(_CURSOR, page[-1].id) if len(found) > query.limit else None
    return CommandPage(items=[Command.of(command) for command in page], next=following)


@v1.get("/bots/<bot_id>/commands/<command_id>")
@guard.needs(Permission.COMMAND_VIEW)
@operation(_TAG, "Get a command")
def get_command(bot_id: UUID, command_id: UUID) -> CommandDetail:
    """Give one command with its draft and with what is live of it.

    Raises:
        CommandNotFoundError: the bot has none such.
    """
    guard.bot(bot_id, Permission.COMMAND_VIEW)
    session = services().session()
    command = queries.find_command(session, command_id)
    if command is None or command.bot_id != bot_id:
        raise CommandNotFoundError(name=command_id)
    draft = queries.get_draft(session, bot_id, command.name)
    number = command.published_version
    live = None if number is None else queries.find_version_document(session, command_id, number)
    return CommandDetail.with_documents(command, dict(draft.document), live)
