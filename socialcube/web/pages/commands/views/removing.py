"""Deletes a command, once its name was typed."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.commands import service
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.commands.blueprint import blueprint
from socialcube.web.pages.commands.finding import open_command


@blueprint.post("/<uuid:command_id>/delete")
@guard.needs(Permission.COMMAND_EDIT)
def delete(command_id: UUID) -> ResponseReturnValue:
    """Take a command away with its draft and all versions."""
    opened = open_command(command_id, Permission.COMMAND_EDIT)
    name = opened.command.name
    if request.form.get("confirm", "").strip().removeprefix("/") != name:
        flash(f"That is not its name, so /{name} stays. Type {name} to delete it.", "error")
        return redirect(url_for("command.show", command_id=command_id, pane="versions"), 303)
    with services().unit_of_work() as uow:
        service.delete_command(uow, identity.actor(), opened.bot.id, name)
        uow.commit()
    flash(f"/{name} is gone.", "success")
    return redirect(url_for("bot.show", bot_id=opened.bot.id), 303)
