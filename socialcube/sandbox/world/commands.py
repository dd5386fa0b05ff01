"""Registered application commands."""

from collections.abc import Sequence
from typing import Any

from socialcube.sandbox.errors import DailyCreatesExceededError, TooManyCommandsError, UnknownCommandError
from socialcube.sandbox.world.changes import CommandsChanged
from socialcube.sandbox.world.core import Core
from socialcube.sandbox.world.records import Command

_DAY = 86_400.0
_SLASH = 1
_OTHER_KINDS_LIMIT = 15


class Commands:
    """Reads and changes commands, with Discord's limits. Every change is told on the feed."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list_of(self, application_id: int, guild_id: int | None) -> list[Command]:
        """Give an application's commands in one guild or (None) everywhere, oldest first."""
        return [
            command
            for command in self._core.state.commands.values()
            if command.application_id == application_id and command.guild_id == guild_id
        ]

    def list_visible(self, guild_id: int, bits: int | None = None) -> list[Command]:
        """Give the slash commands that can be used in a guild, by name.

        Args:
            guild_id: the guild; commands of bots that are not in it are left out.
            bits: permissions of the person who looks; None shows what their owner would see.
        """
        members = self._core.get_guild(guild_id).members
        found = [
            command
            for command in self._core.state.commands.values()
            if command.application_id in members
            and command.guild_id in {None, guild_id}
            and command.kind == _SLASH
            and (bits is None or self.allows(command, bits))
        ]
        return sorted(found, key=lambda command: (command.name, command.application_id))

    def get(self, application_id: int, guild_id: int | None, command_id: int) -> Command:
        """Give an application's command, or raise UnknownCommandError."""
        command = self._core.state.commands.get(command_id)
        if command is None or (command.application_id, command.guild_id) != (application_id, guild_id):
            raise UnknownCommandError
        return command

    def get_visible(self, guild_id: int, command_id: int) -> Command:
        """Give a slash command that can be used in a guild, or raise UnknownCommandError."""
        for command in self.list_visible(guild_id):
            if command.id == command_id:
                return command
        raise UnknownCommandError

    def allows(self, command: Command, bits: int) -> bool:
        """Tell whether these permissions suffice for a command's `default_member_permissions`."""
        needed = command.body.get("default_member_permissions")
        if needed is None:
            return True
        # "0" closes the command to everyone but administrators, who hold every bit.
        return bits & int(needed) == int(needed) if int(needed) else bool(bits & (1 << 3))

    def upsert(self, application_id: int, guild_id: int | None, body: dict[str, Any]) -> tuple[Command, bool]:
        """Make a command, or replace the one of the same name and type. Gives it and whether it is new.

        Raises:
            TooManyCommandsError: there is no room for another.
            DailyCreatesExceededError: too many were made within a day.
        """
        for command in self.list_of(application_id, guild_id):
            if (command.name, command.kind) == (body["name"], body["type"]):
                return self.change(command, body), False
        self._check_room([*(item.body for item in self.list_of(application_id, guild_id)), body])
        self._count_creates(application_id, guild_id, 1)
        command = self._make(application_id, guild_id, body)
        self._core.state.commands[command.id] = command
        self._core.feed.publish(CommandsChanged(application_id, guild_id))
        return command, True

    def change(self, command: Command, body: dict[str, Any]) -> Command:
        """Replace a command's body; a real difference gives it a new version."""
        if command.body != body:
            command.body, command.version = body, self._core.ids.make()
            self._core.feed.publish(CommandsChanged(command.application_id, command.guild_id))
        return command

    def delete(self, command: Command) -> None:
        """Remove a command."""
        del self._core.state.commands[command.id]
        self._core.feed.publish(CommandsChanged(command.application_id, command.guild_id))

    def replace_all(
        self, application_id: int, guild_id: int | None, bodies: Sequence[dict[str, Any]]
    ) -> list[Command]:
        """Make these the only commands. Those that keep name and type keep their id.

        Raises:
            TooManyCommandsError: there are more than fit.
            DailyCreatesExceededError: too many were made within a day.
        """
        # Everything is checked before the first change, so that a refusal leaves all as it was.
        old = {(item.name, item.kind): item for item in self.list_of(application_id, guild_id)}
        self._check_room(bodies)
        fresh = [body for body in bodies if (body["name"], body["type"]) not in old]
        self._count_creates(application_id, guild_id, len(fresh))
        kept = []
        for body in bodies:
            existing = old.pop((body["name"], body["type"]), None)
            kept.append(
                self.change(existing, body) if existing else self._make(application_id, guild_id, body)
            )
        for command in old.values():
            del self._core.state.commands[command.id]
        self._core.state.commands.update({command.id: command for command in kept})
        if fresh or old:
            self._core.feed.publish(CommandsChanged(application_id, guild_id))
        return kept

    def _make(self, application_id: int, guild_id: int | None, body: dict[str, Any]) -> Command:
        new_id = self._core.ids.make()
        return Command(new_id, application_id, guild_id, new_id, body)

    def _check_room(self, bodies: Sequence[dict[str, Any]]) -> None:
        """Hold one place to Discord's number of commands per type ("Application Commands" docs)."""
        for kind in {body["type"] for body in bodies}:
            limit = self._core.limits.commands if kind == _SLASH else _OTHER_KINDS_LIMIT
            if sum(body["type"] == kind for body in bodies) > limit:
                raise TooManyCommandsError(limit=limit)

    def _count_creates(self, application_id: int, guild_id: int | None, new: int) -> None:
        now, key = self._core.clock.now().timestamp(), f"{application_id}/{guild_id or ''}"
        made = [at for at in self._core.state.command_creates.get(key, []) if at > now - _DAY]
        if len(made) + new > self._core.limits.command_creates:
            raise DailyCreatesExceededError(limit=self._core.limits.command_creates)
        self._core.state.command_creates[key] = made + [now] * new
