"""Shows the editor, and takes its form."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.commands.errors import CommandChangedError, CommandsInvalidError
from socialcube.web import guard
from socialcube.web.pages.commands.blueprint import blueprint
from socialcube.web.pages.commands.finding import open_command
from socialcube.web.pages.commands.forms import operations
from socialcube.web.pages.commands.forms.paths import anchor
from socialcube.web.pages.commands.forms.reading import read_document
from socialcube.web.pages.commands.views.clashing import render_clash
from socialcube.web.pages.commands.views.rendering import Draft, chosen_pane, render_editor, stored_draft
from socialcube.web.pages.commands.views.storing import read_edit, store


@blueprint.get("/<uuid:command_id>/")
@guard.needs(Permission.COMMAND_VIEW)
def show(command_id: UUID) -> ResponseReturnValue:
    """Show a command as it stands."""
    opened = open_command(command_id)
    return render_editor(opened, stored_draft(opened), place=request.args.get("open", ""))


@blueprint.post("/<uuid:command_id>/")
@guard.needs(Permission.COMMAND_EDIT)
def save(command_id: UUID) -> ResponseReturnValue:
    """Take the editor's form: do what its button says, then store the draft.

    What cannot be stored comes back as it was typed, with the reasons at their places.
    """
    opened = open_command(command_id, Permission.COMMAND_EDIT)
    document, place = operations.apply(read_document(request.form), request.form.get("do", "save"))
    edit = read_edit()
    try:
        store(opened, document, edit)
    except CommandsInvalidError as error:
        draft = Draft(document, edit, is_saved=False, problems=error.problems)
        return render_editor(opened, draft, place=place), 422
    except CommandChangedError:
        return render_clash(open_command(command_id), document), 409
    target = url_for("command.show", command_id=command_id, open=place or None, pane=chosen_pane())
    return redirect(f"{target}#{anchor(place)}" if place else target, 303)
