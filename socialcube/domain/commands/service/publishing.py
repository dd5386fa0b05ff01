"""Publishing: what makes a command live, and what takes it back. Versions never change once made."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.commands import documents, policy
from socialcube.domain.commands.errors import (
    CommandChangedError,
    CommandExistsError,
    TooManyCommandsError,
    VersionNotFoundError,
)
from socialcube.domain.commands.events import CommandPublished
from socialcube.domain.commands.models import Command, CommandVersion
from socialcube.domain.commands.queries import draft_of, list_published, mask_of
from socialcube.domain.commands.service.drafts import get_for_update
from socialcube.domain.guilds import queries as guilds
from socialcube.kernel.ids import new_id


class _Live(NamedTuple):
    """What is to be live: a version, where, and under which name."""

    number: int
    guild_id: int | None
    name: str


def publish(  # noqa: PLR0913 - every fact of the publication has its own name
    uow: UnitOfWork,
    actor: Actor,
    bot_id: UUID,
    name: str,
    *,
    note: str = "",
    guild_id: int | None = None,
    edit: int | None = None,
) -> int:
    """Make the draft live. A draft that equals what is live makes no new version.

    Args:
        uow: an open write unit.
        actor: who publishes.
        bot_id: the bot.
        name: the command.
        note: why, for the history.
        guild_id: the platform's id of the one server to publish it in; None for all of them.
        edit: the one that the actor read, so that nothing unread goes live; None for whatever it is by now.

    Returns:
        The number of the version that is live now.

    Raises:
        CommandNotFoundError, ForbiddenError: as they say.
        CommandChangedError: somebody changed the draft since it was read.
        BotNotInGuildError: the bot is not in that server, as far as we know.
        CommandsInvalidError: the draft has problems, or names a setting that no server of the bot has.
        TooManyCommandsError: the platform takes no more commands there.
        CommandExistsError: another command, renamed since, is live there under this name.
    """
    command = _get(uow, actor, bot_id, name)
    if edit not in {None, command.version}:
        raise CommandChangedError(name=name, seen=edit, current=command.version)
    if guild_id is not None:
        guilds.check_is_in_guild(uow.session, bot_id, guild_id)
    settings = guilds.list_setting_names(uow.session, bot_id)
    document = documents.canonical(documents.parse(draft_of(command), settings=settings))
    number = _find_same(uow, command, document) or _add_version(uow, actor, command, document, note)
    _go_live(uow, actor, "command.publish", command, _Live(number, guild_id, str(document["name"])))
    return number


def _find_same(uow: UnitOfWork, command: Command, document: dict[str, Any]) -> int | None:
    """Give the number of the live version if it says the same."""
    head = _find_version(uow, command, command.published_version)
    return head.number if head is not None and head.digest == policy.digest(document) else None


def _add_version(uow: UnitOfWork, actor: Actor, command: Command, document: dict[str, Any], note: str) -> int:
    number = _next_number(uow, command)
    uow.session.add(
        CommandVersion(
            id=new_id(),
            command_id=command.id,
            number=number,
            document=document,
            digest=policy.digest(document),
            needs=mask_of(document),
            note=note,
            published_by=str(actor),
            published_at=uow.clock.now(),
        )
    )
    return number


def roll_back(uow: UnitOfWork, actor: Actor, bot_id: UUID, name: str, number: int) -> None:
    """Make an earlier version live again, where the present one is.

    Raises:
        CommandNotFoundError, VersionNotFoundError, ForbiddenError: as they say.
        CommandsInvalidError: the version no longer keeps the rules.
    """
    command = _get(uow, actor, bot_id, name)
    version = _find_version(uow, command, number)
    if version is None:
        raise VersionNotFoundError(name=name, number=number)
    name = documents.parse(version.document).name
    _go_live(uow, actor, "command.roll_back", command, _Live(number, command.published_guild_id, name))


def set_active(uow: UnitOfWork, actor: Actor, bot_id: UUID, name: str, *, active: bool) -> None:
    """Switch a command on or off without touching its versions.

    Raises:
        CommandNotFoundError, ForbiddenError: as they say.
        TooManyCommandsError: it is switched on where the platform takes no more.
        CommandExistsError: another command of its name is live there now.
    """
    command = _get(uow, actor, bot_id, name)
    if command.is_active == active:
        return
    head = _find_version(uow, command, command.published_version)
    if active and head is not None:
        _check_place(uow, command, _Live(head.number, command.published_guild_id, str(head.document["name"])))
    before = _facts(command)
    command.is_active = active
    _conclude(uow, actor, "command.switch_on" if active else "command.switch_off", command, before)


def _get(uow: UnitOfWork, actor: Actor, bot_id: UUID, name: str) -> Command:
    command = get_for_update(uow, bot_id, name)
    require(actor, Permission.COMMAND_PUBLISH, Subject("command", str(command.id), bot_id))
    return command


def _go_live(uow: UnitOfWork, actor: Actor, action: str, command: Command, live: _Live) -> None:
    before = _facts(command)
    command.published_version, command.published_guild_id = live.number, live.guild_id
    if _facts(command) == before:
        return
    if command.is_active:
        _check_place(uow, command, live)
    _conclude(uow, actor, action, command, before)


def _check_place(uow: UnitOfWork, command: Command, live: _Live) -> None:
    """Make sure that the command finds room where it goes live, and nobody of its name there."""
    neighbours = [
        item
        for item in list_published(uow.session, command.bot_id)
        if item.command_id != command.id and item.guild_id == live.guild_id
    ]
    if any(item.name == live.name for item in neighbours):
        raise CommandExistsError(name=live.name)
    if len(neighbours) >= policy.MAX_COMMANDS:
        scope = "for all servers" if live.guild_id is None else "in one server"
        raise TooManyCommandsError(limit=policy.MAX_COMMANDS, scope=scope)


def _find_version(uow: UnitOfWork, command: Command, number: int | None) -> CommandVersion | None:
    statement = select(CommandVersion).where(
        CommandVersion.command_id == command.id, CommandVersion.number == number
    )
    return uow.session.scalars(statement).one_or_none()


def _next_number(uow: UnitOfWork, command: Command) -> int:
    last = select(func.max(CommandVersion.number)).where(CommandVersion.command_id == command.id)
    return (uow.session.scalar(last) or 0) + 1


def _conclude(
    uow: UnitOfWork, actor: Actor, action: str, command: Command, before: dict[str, object]
) -> None:
    command.updated_at = uow.clock.now()
    uow.session.flush()
    audit.record(
        uow,
        actor,
        action,
        subject_kind="command",
        subject_id=command.id,
        bot_id=command.bot_id,
        before=before,
        after=_facts(command),
    )
    uow.record(CommandPublished(command.bot_id, command.id))


def _facts(command: Command) -> dict[str, object]:
    guild_id = command.published_guild_id
    return {
        "name": command.name,
        "version": command.published_version,
        "guild_id": None if guild_id is None else str(guild_id),
        "is_active": command.is_active,
    }
