"""Drafts: what authors work on. Nothing here reaches a person on the platform."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.queries import get_bot
from socialcube.domain.commands import documents, policy
from socialcube.domain.commands.documents import CommandDocument
from socialcube.domain.commands.errors import (
    CommandChangedError,
    CommandExistsError,
    CommandNotFoundError,
    CommandsInvalidError,
)
from socialcube.domain.commands.events import CommandDraftChanged, CommandPublished
from socialcube.domain.commands.models import Command, CommandOption
from socialcube.domain.commands.queries import draft_of
from socialcube.domain.commands.types import ImportOutcome
from socialcube.kernel.ids import new_id

_NEVER_STORED: Final = frozenset({"not_json", "too_deep", "too_large"})
_OWN_COLUMNS: Final = frozenset({"name", "description", "options"})
_OWN_OPTION_COLUMNS: Final = frozenset({"name", "type", "description", "required"})

_Change = tuple[dict[str, object] | None, dict[str, object] | None]


def import_commands(
    uow: UnitOfWork, actor: Actor, bot_id: UUID, imported: Iterable[CommandDocument]
) -> ImportOutcome:
    """Take commands in as drafts, by name. What is published stays as it is.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
        CommandsInvalidError: one breaks a rule that even drafts keep; nothing is taken in then.
    """
    _require_edit(uow, actor, bot_id)
    done: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": []}
    for document in imported:
        command = find_for_update(uow, bot_id, document.name)
        if command is None:
            _create(uow, actor, bot_id, document)
            done["created"].append(document.name)
        else:
            changed = _change(uow, actor, command, document)
            done["updated" if changed else "unchanged"].append(document.name)
    return ImportOutcome(**{word: tuple(names) for word, names in done.items()})


def create_draft(uow: UnitOfWork, actor: Actor, bot_id: UUID, document: CommandDocument) -> UUID:
    """Begin a command.

    Raises:
        BotNotFoundError, ForbiddenError, CommandsInvalidError: as they say.
        CommandExistsError: the bot has one of this name.
    """
    _require_edit(uow, actor, bot_id)
    if find_for_update(uow, bot_id, document.name) is not None:
        raise CommandExistsError(name=document.name)
    return _create(uow, actor, bot_id, document).id


def save_draft(  # noqa: PLR0913 - every fact of the change has its own name
    uow: UnitOfWork, actor: Actor, bot_id: UUID, name: str, document: CommandDocument, *, edit: int
) -> None:
    """Change a draft, its name included. Steps may still be wrong; the rest keeps the rules.

    `edit` is the one the actor saw, so that two people cannot overwrite each other unseen.

    Raises:
        CommandNotFoundError, ForbiddenError, CommandsInvalidError: as they say.
        CommandChangedError: somebody else changed it since.
        CommandExistsError: its new name is taken.
    """
    _require_edit(uow, actor, bot_id)
    command = get_for_update(uow, bot_id, name)
    if command.version != edit:
        raise CommandChangedError(name=name, seen=edit, current=command.version)
    if document.name != name and find_for_update(uow, bot_id, document.name) is not None:
        raise CommandExistsError(name=document.name)
    _change(uow, actor, command, document)


def delete_command(uow: UnitOfWork, actor: Actor, bot_id: UUID, name: str) -> None:
    """Take a command away with all its versions. What is live of it goes with the next synchronisation.

    Raises:
        CommandNotFoundError, ForbiddenError: as they say.
    """
    _require_edit(uow, actor, bot_id)
    command = get_for_update(uow, bot_id, name)
    if command.published_version is not None:
        require(actor, Permission.COMMAND_PUBLISH, Subject("command", str(command.id), bot_id))
    before = draft_of(command)
    uow.session.delete(command)
    uow.session.flush()
    _note(uow, actor, "command.delete", command, (before, None))
    uow.record(CommandPublished(bot_id, command.id))


def find_for_update(uow: UnitOfWork, bot_id: UUID, name: str) -> Command | None:
    """Find a command and lock its row until the end of the transaction."""
    statement = (
        select(Command)
        .where(Command.bot_id == bot_id, Command.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return uow.session.scalars(statement).one_or_none()


def get_for_update(uow: UnitOfWork, bot_id: UUID, name: str) -> Command:
    """Get a command and lock its row until the end of the transaction.

    Raises:
        CommandNotFoundError: there is none.
    """
    command = find_for_update(uow, bot_id, name)
    if command is None:
        raise CommandNotFoundError(name=name)
    return command


def _require_edit(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    get_bot(uow.session, bot_id)
    require(actor, Permission.COMMAND_EDIT, Subject.bot(bot_id))


def _create(uow: UnitOfWork, actor: Actor, bot_id: UUID, document: CommandDocument) -> Command:
    now = uow.clock.now()
    command = Command(id=new_id(), bot_id=bot_id, created_at=now, updated_at=now)
    _write(command, document)
    uow.session.add(command)
    uow.session.flush()
    _note(uow, actor, "command.create", command, (None, draft_of(command)))
    uow.record(CommandDraftChanged(bot_id, command.id))
    return command


def _change(uow: UnitOfWork, actor: Actor, command: Command, document: CommandDocument) -> bool:
    before = draft_of(command)
    if before == document.to_json():
        return False
    _write(command, document)
    command.updated_at = uow.clock.now()
    uow.session.flush()
    _note(uow, actor, "command.edit", command, (before, draft_of(command)))
    uow.record(CommandDraftChanged(command.bot_id, command.id))
    return True


def _write(command: Command, document: CommandDocument) -> None:
    """Fill the columns from the document.

    Raises:
        CommandsInvalidError: it breaks a rule that drafts keep: all of them, but for what steps do.
    """
    raw = document.to_json()
    problems = documents.check(raw)
    hard = [item for item in problems if not item.path.startswith("steps") or item.code in _NEVER_STORED]
    if hard:
        raise CommandsInvalidError(hard)
    command.name, command.description = document.name, document.description
    command.document = {key: value for key, value in raw.items() if key not in _OWN_COLUMNS}
    command.digest = policy.digest(raw if problems else documents.canonical(document))
    # Rows are kept by name: the database checks that names are unique before it sees what is deleted.
    rows = {row.name: row for row in command.options}
    command.options = [
        _write_option(rows.get(option["name"]) or CommandOption(id=new_id()), position, option)
        for position, option in enumerate(raw.get("options", []))
    ]


def _write_option(row: CommandOption, position: int, raw: dict[str, object]) -> CommandOption:
    row.position, row.name, row.type = position, str(raw["name"]), str(raw["type"])
    row.description, row.required = str(raw["description"]), bool(raw.get("required"))
    row.rules = {key: value for key, value in raw.items() if key not in _OWN_OPTION_COLUMNS}
    return row


def _note(uow: UnitOfWork, actor: Actor, action: str, command: Command, change: _Change) -> None:
    audit.record(
        uow,
        actor,
        action,
        subject_kind="command",
        subject_id=command.id,
        bot_id=command.bot_id,
        before=change[0],
        after=change[1],
    )
