"""Two people changed one draft: shows both values and lets one choose."""

import json
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.commands.errors import CommandChangedError, CommandsInvalidError
from socialcube.engine.spec import MAX_DOCUMENT_BYTES
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard
from socialcube.web.pages.commands.blueprint import blueprint
from socialcube.web.pages.commands.finding import Opened, open_command
from socialcube.web.pages.commands.showing.merging import list_clashes, merge
from socialcube.web.pages.commands.views.rendering import Draft, render_editor, stored_draft
from socialcube.web.pages.commands.views.storing import parse, read_edit, store


def render_clash(opened: Opened, mine: dict[str, Any]) -> str:
    """Show what the author typed beside what is stored now."""
    theirs = stored_draft(opened)
    return render_template(
        "pages/command/clash.html",
        opened=opened,
        command=opened.command,
        bot=opened.bot,
        edit=theirs.edit,
        mine=json.dumps(mine, ensure_ascii=False),
        clashes=list_clashes(mine, theirs.document),
    )


@blueprint.post("/<uuid:command_id>/merge")
@guard.needs(Permission.COMMAND_EDIT)
def merge_drafts(command_id: UUID) -> ResponseReturnValue:
    """Store the stored draft with the author's own values where they chose them."""
    opened = open_command(command_id, Permission.COMMAND_EDIT)
    mine, theirs, edit = _read_mine(), stored_draft(opened), read_edit()
    if theirs.edit != edit:
        return render_clash(opened, mine), 409
    picked = {name.removeprefix("pick:") for name, value in request.form.items() if value == "mine"}
    document = merge(mine, theirs.document, picked)
    try:
        store(opened, document, edit)
    except CommandsInvalidError as error:
        return render_editor(opened, Draft(document, edit, is_saved=False, problems=error.problems)), 422
    except CommandChangedError:
        return render_clash(open_command(command_id), mine), 409
    return redirect(url_for("command.show", command_id=command_id), 303)


def _read_mine() -> dict[str, Any]:
    text = request.form.get("mine", "")
    try:
        mine = json.loads(text) if len(text) <= 2 * MAX_DOCUMENT_BYTES else None
    except (ValueError, RecursionError):
        mine = None
    if not isinstance(mine, dict) or not _is_document(mine):
        raise InvalidInputError(reason="the form does not hold the changes that it should compare")
    return mine


def _is_document(mine: dict[str, Any]) -> bool:
    # Only what has the shape of a command is ever compared, so anything else was not made by our page.
    try:
        parse(mine)
    except CommandsInvalidError:
        return False
    return True
