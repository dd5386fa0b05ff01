"""Stores what the editor's forms bring."""

from typing import Any

from flask import request
from pydantic import ValidationError

from socialcube.domain.commands import documents, service
from socialcube.domain.commands.documents import CommandDocument
from socialcube.domain.commands.errors import CommandExistsError, CommandsInvalidError
from socialcube.engine.problems import Problem
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import identity
from socialcube.web.context import services
from socialcube.web.pages.commands.finding import Opened


def read_edit() -> int:
    """Read which edit of the command the author saw.

    Raises:
        InvalidInputError: the form does not say.
    """
    text = request.form.get("edit", "")
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - what a column of the database holds
        raise InvalidInputError(reason="the form does not say which state of the command it was made from")
    return int(text)


def store(opened: Opened, document: dict[str, Any], edit: int) -> None:
    """Store a draft.

    Raises:
        CommandsInvalidError: it breaks a rule that drafts keep. Every problem is listed, steps included.
        CommandChangedError: somebody else changed the draft since.
        ForbiddenError: this person may not.
    """
    parsed = parse(document)
    try:
        with services().unit_of_work() as uow:
            service.save_draft(uow, identity.actor(), opened.bot.id, opened.command.name, parsed, edit=edit)
            uow.commit()
    except CommandExistsError as error:
        problem = Problem("name", error.code, f"{error.message} {error.remedy}")
        raise CommandsInvalidError([problem, *documents.check(document)]) from error
    except CommandsInvalidError as error:
        raise CommandsInvalidError(documents.check(document)) from error


def parse(document: dict[str, Any]) -> CommandDocument:
    """Read the shape of a document; its steps may still be wrong.

    Raises:
        CommandsInvalidError: every problem is listed, those of the steps included.
    """
    try:
        return CommandDocument.model_validate(document)
    except ValidationError as error:
        raise CommandsInvalidError(documents.check(document)) from error
