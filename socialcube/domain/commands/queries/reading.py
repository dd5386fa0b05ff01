"""Reads of commands: drafts, versions, and what is live of them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from socialcube.domain.commands.errors import CommandNotFoundError
from socialcube.domain.commands.models import Command, CommandOption, CommandRegistration, CommandVersion
from socialcube.domain.commands.types import (
    CommandView,
    DraftView,
    PublishedCommand,
    PublishedKey,
    Registration,
    VersionView,
)


def list_commands(session: Session, bot_id: UUID) -> list[CommandView]:
    """List all commands of a bot by name, drafts included."""
    rows = session.execute(_views().where(Command.bot_id == bot_id).order_by(Command.name))
    return [_to_view(command, live_digest) for command, live_digest in rows]


def list_commands_after(session: Session, bot_id: UUID, after: UUID | None, limit: int) -> list[CommandView]:
    """List some commands of a bot in the order in which they were made, behind one or from the first."""
    statement = _views().where(Command.bot_id == bot_id).order_by(Command.id).limit(limit)
    if after is not None:
        statement = statement.where(Command.id > after)
    return [_to_view(command, live_digest) for command, live_digest in session.execute(statement)]


def get_command(session: Session, bot_id: UUID, name: str) -> CommandView:
    """Get a command of a bot by its name.

    Raises:
        CommandNotFoundError: there is none.
    """
    row = session.execute(_views().where(Command.bot_id == bot_id, Command.name == name)).first()
    if row is None:
        raise CommandNotFoundError(name=name)
    return _to_view(*row)


def find_command(session: Session, command_id: UUID) -> CommandView | None:
    """Find a command of any bot by its key."""
    row = session.execute(_views().where(Command.id == command_id)).first()
    return None if row is None else _to_view(*row)


def list_by_id(session: Session, command_ids: Collection[UUID]) -> dict[UUID, CommandView]:
    """Give these commands of any bots by their keys, all in one read. Those that are gone are left out."""
    rows = session.execute(_views().where(Command.id.in_(command_ids)))
    return {command.id: _to_view(command, live_digest) for command, live_digest in rows}


def get_draft(session: Session, bot_id: UUID, name: str) -> DraftView:
    """Get the draft of a command.

    Raises:
        CommandNotFoundError: there is none.
    """
    statement = (
        select(Command)
        .where(Command.bot_id == bot_id, Command.name == name)
        .execution_options(populate_existing=True)
    )
    command = session.scalars(statement).one_or_none()
    if command is None:
        raise CommandNotFoundError(name=name)
    return DraftView(id=command.id, name=command.name, document=draft_of(command), edit=command.version)


def list_published(session: Session, bot_id: UUID) -> list[PublishedCommand]:
    """List what is live of a bot's commands: published and switched on."""
    return list_published_by_bot(session, [bot_id])[bot_id]


def list_published_by_bot(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, list[PublishedCommand]]:
    """List what is live of the commands of each of these bots."""
    version = CommandVersion
    columns = (Command.bot_id, Command.id, Command.published_guild_id)
    statement = (
        select(*columns, version.number, version.document, version.digest)
        .join(version, is_live_version())
        .where(Command.bot_id.in_(bot_ids), Command.is_active)
        .order_by(Command.name)
    )
    found: dict[UUID, list[PublishedCommand]] = {bot_id: [] for bot_id in bot_ids}
    for bot_id, command_id, guild_id, number, document, digest in session.execute(statement):
        found[bot_id].append(
            PublishedCommand(
                command_id=command_id,
                name=str(document["name"]),
                version=number,
                guild_id=guild_id,
                document=document,
                digest=digest,
            )
        )
    return found


def list_published_keys(session: Session, bot_id: UUID) -> list[PublishedKey]:
    """List what tells the live commands of a bot apart, without their documents."""
    return list_published_keys_by_bot(session, [bot_id])[bot_id]


def list_published_keys_by_bot(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, list[PublishedKey]]:
    """List what tells the live commands of each of these bots apart."""
    key = (Command.id, CommandVersion.number, Command.published_guild_id, CommandVersion.digest)
    statement = (
        select(Command.bot_id, *key)
        .join(CommandVersion, is_live_version())
        .where(Command.bot_id.in_(bot_ids), Command.is_active)
    )
    found: dict[UUID, list[PublishedKey]] = {bot_id: [] for bot_id in bot_ids}
    for row in session.execute(statement):
        found[row[0]].append((row[1], row[2], row[3], row[4]))
    return found


def list_versions(session: Session, bot_id: UUID, name: str) -> list[VersionView]:
    """List the published versions of a command, the newest first."""
    statement = (
        select(CommandVersion)
        .join(Command, Command.id == CommandVersion.command_id)
        .where(Command.bot_id == bot_id, Command.name == name)
        .order_by(CommandVersion.number.desc())
    )
    return [
        VersionView(
            number=version.number,
            digest=version.digest,
            note=version.note,
            published_by=version.published_by,
            published_at=version.published_at,
        )
        for version in session.scalars(statement)
    ]


def find_version_document(session: Session, command_id: UUID, number: int) -> dict[str, Any] | None:
    """Find the document of a published version."""
    statement = select(CommandVersion.document).where(
        CommandVersion.command_id == command_id, CommandVersion.number == number
    )
    return session.scalars(statement).one_or_none()


def list_registrations(session: Session, bot_id: UUID) -> list[Registration]:
    """List what we made for a bot at the platform, unanswered requests included."""
    statement = (
        select(CommandRegistration)
        .where(CommandRegistration.bot_id == bot_id)
        .order_by(CommandRegistration.id)
        .execution_options(populate_existing=True)
    )
    return [
        Registration(entry.external_id, entry.guild_id, entry.name, entry.digest)
        for entry in session.scalars(statement)
    ]


def draft_of(command: Command) -> dict[str, Any]:
    """Put a draft together from its columns, its option rows and the rest."""
    options = [_option_of(option) for option in command.options]
    settings = {key: value for key, value in command.document.items() if key not in {"schema", "steps"}}
    return {
        "schema": command.document["schema"],
        "name": command.name,
        "description": command.description,
        **({"options": options} if options else {}),
        **settings,
        "steps": command.document["steps"],
    }


def _option_of(option: CommandOption) -> dict[str, Any]:
    required = {"required": True} if option.required else {}
    return {
        "name": option.name,
        "type": option.type,
        "description": option.description,
        **required,
        **option.rules,
    }


def _views() -> Select[Command, str | None]:
    return (
        select(Command, CommandVersion.digest)
        .outerjoin(CommandVersion, is_live_version())
        .execution_options(populate_existing=True)
    )


def is_live_version() -> ColumnElement[bool]:
    """Give the condition that joins a command with the version of it that is published."""
    return and_(CommandVersion.command_id == Command.id, CommandVersion.number == Command.published_version)


def _to_view(command: Command, live_digest: str | None) -> CommandView:
    return CommandView(
        id=command.id,
        bot_id=command.bot_id,
        name=command.name,
        description=command.description,
        is_active=command.is_active,
        published_version=command.published_version,
        guild_id=command.published_guild_id,
        has_draft=command.digest != live_digest,
        edit=command.version,
        updated_at=command.updated_at,
    )
