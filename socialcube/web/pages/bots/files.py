"""The commands of a bot as one file."""

from uuid import UUID

from flask import Response

from socialcube.domain.access.types import Permission
from socialcube.domain.commands import documents, queries
from socialcube.domain.commands.documents import CommandDocument
from socialcube.web import guard
from socialcube.web.context import services
from socialcube.web.pages.bots.blueprint import blueprint


@blueprint.get("/<uuid:bot_id>/commands/export")
@guard.needs(Permission.COMMAND_VIEW)
def export_commands(bot_id: UUID) -> Response:
    """Give the drafts of all its commands as a file that the import takes, for this bot or another one."""
    bot, session = guard.bot(bot_id, Permission.COMMAND_VIEW), services().session()
    found = [
        CommandDocument.model_validate(dict(queries.get_draft(session, bot.id, command.name).document))
        for command in queries.list_commands(session, bot.id)
    ]
    name = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in bot.name)
    return Response(
        documents.to_yaml(found),
        mimetype="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{name}-commands.yaml"'},
    )
