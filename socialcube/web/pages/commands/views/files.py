"""Commands as files: gives a draft as YAML, takes YAML in as drafts."""

from typing import Final
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import BotView
from socialcube.domain.commands import documents, queries, service
from socialcube.domain.commands.documents import CommandDocument
from socialcube.domain.commands.errors import CommandsInvalidError
from socialcube.domain.commands.types import ImportOutcome
from socialcube.engine.problems import Problem
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.commands.blueprint import blueprint
from socialcube.web.pages.commands.choosing import asked_bot
from socialcube.web.pages.commands.finding import open_command
from socialcube.web.pages.commands.showing.places import ProblemView, view_problems
from socialcube.web.pages.commands.views.rendering import stored_draft

MAX_FILE_BYTES: Final = 256 * 1024
_TOO_LARGE: Final = Problem("", "too_large", "The file is larger than 256 KB. Split it into several files.")
_NO_BOT: Final = Problem("", "no_bot", "Choose the bot that gets the commands.")
_NOTHING: Final = Problem("", "empty", "Choose a file, or paste its text.")


@blueprint.get("/<uuid:command_id>/export")
@guard.needs(Permission.COMMAND_VIEW)
def export(command_id: UUID) -> ResponseReturnValue:
    """Give the draft as a file that the import takes."""
    opened = open_command(command_id)
    document = CommandDocument.model_validate(dict(stored_draft(opened).document))
    name = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in document.name)
    return Response(
        documents.to_yaml([document]),
        mimetype="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{name}.yaml"'},
    )


@blueprint.route("/import", methods=["GET", "POST"])
@guard.needs(Permission.COMMAND_EDIT)
def import_() -> ResponseReturnValue:
    """Take a file in. Nothing that people use changes: everything lands as a draft."""
    bot = asked_bot(Permission.COMMAND_EDIT)
    if request.method == "GET":
        return _render(bot)
    source = _read_source()
    if bot is None:
        return _render(bot, source, view_problems([_NO_BOT])), 422
    try:
        outcome = _take_in(bot, source)
    except CommandsInvalidError as error:
        return _render(bot, source, view_problems(error.problems)), 422
    flash(_say(outcome), "success")
    return redirect(_landing(bot, outcome), 303)


def _read_source() -> bytes:
    """Read the file, or the pasted text; one byte more than fits is enough to refuse it."""
    file = request.files.get("file")
    if file and file.filename:
        return file.stream.read(MAX_FILE_BYTES + 1)
    return request.form.get("text", "").encode("utf-8", "surrogatepass")[: MAX_FILE_BYTES + 1]


def _take_in(bot: BotView, source: bytes) -> ImportOutcome:
    if len(source) > MAX_FILE_BYTES:
        raise CommandsInvalidError([_TOO_LARGE])
    if not source.strip():
        raise CommandsInvalidError([_NOTHING])
    found = documents.parse_yaml(source)
    with services().unit_of_work() as uow:
        outcome = service.import_commands(uow, identity.actor(), bot.id, found)
        uow.commit()
    return outcome


def _say(outcome: ImportOutcome) -> str:
    words = (("made", outcome.created), ("changed", outcome.updated), ("as it was", outcome.unchanged))
    return (
        "; ".join(f"{', '.join(f'/{name}' for name in names)} {word}" for word, names in words if names) + "."
    )


def _landing(bot: BotView, outcome: ImportOutcome) -> str:
    names = (*outcome.created, *outcome.updated, *outcome.unchanged)
    command = queries.get_command(services().session(), bot.id, names[0])
    return url_for("command.show", command_id=command.id)


def _render(bot: BotView | None, source: bytes = b"", problems: tuple[ProblemView, ...] = ()) -> str:
    scope = identity.scope(Permission.COMMAND_EDIT)
    is_long = len(source) > MAX_FILE_BYTES
    return render_template(
        "pages/command/import.html",
        bot=bot,
        bots=bots.list_bots(services().session(), scope=scope),
        text="" if is_long else source.decode("utf-8", "replace"),
        problems=problems,
    )
