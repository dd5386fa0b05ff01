"""Publishes a command, takes a publication back, switches it on and off."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Permission
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.commands import queries, service
from socialcube.domain.commands.errors import CommandChangedError, VersionNotFoundError
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.errors import BotNotInGuildError
from socialcube.kernel.errors import ConflictError, InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.commands.blueprint import blueprint
from socialcube.web.pages.commands.finding import Opened, open_command
from socialcube.web.pages.commands.showing import states, versions
from socialcube.web.pages.commands.showing.differences import list_changes
from socialcube.web.pages.commands.showing.places import view_problems
from socialcube.web.pages.commands.views.rendering import published_document, stored_draft
from socialcube.web.pages.commands.views.storing import read_edit

_MAX_NOTE: Final = 500
_MAX_NUMBER: Final = (1 << 63) - 1
_MAX_DIGITS: Final = 19
_MAX_VERSION: Final = (1 << 31) - 1
"""The greatest number that the column holds; SQLite's driver refuses much greater ones by an error."""


@blueprint.get("/<uuid:command_id>/review")
@guard.needs(Permission.COMMAND_VIEW)
def review(command_id: UUID) -> ResponseReturnValue:
    """Show what publishing would change, and let those publish who may."""
    return _render_review(open_command(command_id))


@blueprint.post("/<uuid:command_id>/publish")
@guard.needs(Permission.COMMAND_PUBLISH)
def publish(command_id: UUID) -> ResponseReturnValue:
    """Make the draft live, if it still is the one that was reviewed."""
    opened = open_command(command_id, Permission.COMMAND_PUBLISH)
    note, edit = request.form.get("note", "").strip()[:_MAX_NOTE], read_edit()
    try:
        with services().unit_of_work() as uow:
            guild_id = _read_place(opened)
            number = service.publish(
                uow,
                identity.actor(),
                opened.bot.id,
                opened.command.name,
                note=note,
                guild_id=guild_id,
                edit=edit,
            )
            uow.commit()
    except CommandChangedError:
        again = "Somebody changed the draft since you looked. Read it again."
        return _render_review(open_command(command_id), again), 409
    except (ConflictError, InvalidInputError, BotNotInGuildError) as error:
        return _render_review(opened, f"{error.message} {error.remedy}".strip()), 422
    flash(
        f"/{opened.command.name} is live as version {number}. {opened.bot.name} tells Discord now.", "success"
    )
    return redirect(url_for("command.show", command_id=command_id, pane="versions"), 303)


@blueprint.post("/<uuid:command_id>/undo")
@guard.needs(Permission.COMMAND_PUBLISH)
def roll_back(command_id: UUID) -> ResponseReturnValue:
    """Make an earlier version live again. The draft stays as it is."""
    opened = open_command(command_id, Permission.COMMAND_PUBLISH)
    number = _read_number(request.form.get("version", ""))
    _change(
        lambda uow: service.roll_back(uow, identity.actor(), opened.bot.id, opened.command.name, number),
        f"/{opened.command.name} is back at version {number}. Your draft stays as it is.",
    )
    return redirect(url_for("command.show", command_id=command_id, pane="versions"), 303)


@blueprint.post("/<uuid:command_id>/active")
@guard.needs(Permission.COMMAND_PUBLISH)
def switch(command_id: UUID) -> ResponseReturnValue:
    """Switch a command on or off."""
    opened = open_command(command_id, Permission.COMMAND_PUBLISH)
    active = request.form.get("active") == "1"
    _change(
        lambda uow: service.set_active(
            uow, identity.actor(), opened.bot.id, opened.command.name, active=active
        ),
        f"/{opened.command.name} is {'on' if active else 'off'}.",
    )
    return redirect(url_for("command.show", command_id=command_id, pane="versions"), 303)


@blueprint.get(f"/<uuid:command_id>/versions/<int(max={_MAX_VERSION}):number>")
@guard.needs(Permission.COMMAND_VIEW)
def show_version(command_id: UUID, number: int) -> ResponseReturnValue:
    """Show one version: what it changed, and how it differs from the draft."""
    opened = open_command(command_id)
    session = services().session()
    document = queries.find_version_document(session, command_id, number)
    if document is None:
        raise VersionNotFoundError(name=opened.command.name, number=number)
    lines = versions.list_versions(session, opened.command)
    former = queries.find_version_document(session, command_id, number - 1)
    return render_template(
        "pages/command/version.html",
        opened=opened,
        command=opened.command,
        bot=opened.bot,
        version=next(line for line in lines if line.number == number),
        made=list_changes(former or {}, document),
        since=list_changes(document, stored_draft(opened).document),
    )


def _render_review(opened: Opened, problem: str = "") -> str:
    session, draft = services().session(), stored_draft(opened)
    published = published_document(opened)
    return render_template(
        "pages/command/review.html",
        opened=opened,
        command=opened.command,
        bot=opened.bot,
        draft=draft,
        state=states.say_state(opened.command),
        is_new=published is None,
        changes=list_changes(published or {}, draft.document),
        problems=view_problems(draft.found()),
        guilds=guilds.list_guilds_of_bot(session, opened.bot.id),
        publishers=[] if opened.may_publish else accounts.list_admin_names(session),
        problem=problem,
        typed=request.form,
    )


def _read_place(opened: Opened) -> int | None:
    """Read where to publish: everywhere, or one of the bot's servers.

    Raises:
        InvalidInputError: nothing was chosen.
        BotNotInGuildError: the bot is not there.
    """
    if request.form.get("where") == "everywhere":
        return None
    guild_id = _read_number(request.form.get("guild", ""))
    guilds.check_is_in_guild(services().session(), opened.bot.id, guild_id)
    return guild_id


def _read_number(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > _MAX_DIGITS or int(text) > _MAX_NUMBER:
        raise InvalidInputError(reason="choose a server, or everywhere" if not text else "this is no number")
    return int(text)


def _change(write: Callable[[UnitOfWork], None], message: str) -> None:
    """Do it and say so; what stands against it is said instead."""
    try:
        with services().unit_of_work() as uow:
            write(uow)
            uow.commit()
    except (ConflictError, InvalidInputError, VersionNotFoundError) as error:
        flash(f"{error.message} {error.remedy}".strip(), "error")
    else:
        flash(message, "success")
