"""What is registered at the platform, what should be, and the difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from socialcube.domain.commands.documents import CommandDocument  # noqa: TC004 - documents use these words

CommandKey = tuple[int | None, str]
"""Where a command lives and its name: the server's id, or None for everywhere."""


@dataclass(frozen=True, slots=True)
class RemoteCommand:
    """A command that the platform shows now, whoever made it.

    Attributes:
        external_id: the platform's id.
        guild_id: the server it is registered in, None for all.
        kind: the platform's number of its type; on Discord 1 is a slash command (chat input).
        body: all that the platform says about it, as JSON.
    """

    external_id: int
    guild_id: int | None
    name: str
    kind: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DesiredCommand:
    """A published command as it should be registered.

    Attributes:
        body: of the request that registers it.
        digest: of the body; equal bodies have equal digests.
        document: what the body was made from.
    """

    command_id: UUID
    guild_id: int | None
    name: str
    body: Mapping[str, Any]
    digest: str
    document: CommandDocument

    @property
    def key(self) -> CommandKey:
        """Give where it lives and its name."""
        return self.guild_id, self.name


@dataclass(frozen=True, slots=True)
class Registration:
    """A command that we made at the platform.

    Attributes:
        external_id: the platform's id; None while nobody noted the answer to our request.
        digest: of the body that we sent.
    """

    external_id: int | None
    guild_id: int | None
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing about a command that should look different, in words for people.

    Attributes:
        label: what it is, like "Description" or "Option colour".
        before: as the platform shows it now; empty when it has none.
        after: as it should be; empty when it goes.
    """

    label: str
    before: str
    after: str

    def to_json(self) -> dict[str, str]:
        """Give plain JSON data."""
        return {"label": self.label, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class CommandUpdate:
    """A command of ours that should look different.

    Attributes:
        fields: names of what differs, as the platform names it.
        changes: the same in words.
    """

    external_id: int
    desired: DesiredCommand
    fields: tuple[str, ...]
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class UnchangedCommand:
    """A command of ours that is as it should be."""

    external_id: int
    desired: DesiredCommand


@dataclass(frozen=True, slots=True)
class RefusedCommand:
    """A command that cannot be registered without harm, and why."""

    desired: DesiredCommand
    reason: str


@dataclass(frozen=True, slots=True)
class CommandPlan:
    """What to do so that the platform shows what is published. Deleting comes first, creating last.

    Attributes:
        kept: ours that stay although they are not desired.
        foreign: made elsewhere; they are shown and never touched.
        refused: left undone, each with its reason.
        creates_left: how many commands may still be created today in each place that the plan is about, by
            the server's id, None for everywhere.
    """

    create: tuple[DesiredCommand, ...] = ()
    update: tuple[CommandUpdate, ...] = ()
    delete: tuple[RemoteCommand, ...] = ()
    unchanged: tuple[UnchangedCommand, ...] = ()
    kept: tuple[RemoteCommand, ...] = ()
    foreign: tuple[RemoteCommand, ...] = ()
    refused: tuple[RefusedCommand, ...] = ()
    creates_left: Mapping[int | None, int] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Count what there is to do."""
        return len(self.create) + len(self.update) + len(self.delete)

    @property
    def differs(self) -> int:
        """Count the commands that are not at the platform as they are published."""
        return self.steps + len(self.refused)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not (self.create or self.update or self.delete)

    def to_json(self) -> dict[str, Any]:
        """Give what people review, as plain JSON data."""
        return {
            "create": [_named(item.guild_id, item.name) for item in self.create],
            "update": [
                {
                    **_named(item.desired.guild_id, item.desired.name),
                    "fields": list(item.fields),
                    "changes": [change.to_json() for change in item.changes],
                }
                for item in self.update
            ],
            "delete": [_named(item.guild_id, item.name) for item in self.delete],
            "unchanged": [_named(item.desired.guild_id, item.desired.name) for item in self.unchanged],
            "kept": [_named(item.guild_id, item.name) for item in self.kept],
            "foreign": [{**_named(item.guild_id, item.name), "kind": item.kind} for item in self.foreign],
            "refused": [
                {**_named(item.desired.guild_id, item.desired.name), "reason": item.reason}
                for item in self.refused
            ],
            "creates_left": [
                {"guild_id": None if place is None else str(place), "left": left}
                for place, left in sorted(self.creates_left.items(), key=lambda entry: entry[0] or 0)
            ],
            "differs": self.differs,
        }


@dataclass(frozen=True, slots=True)
class Collision:
    """A name under which several bots show a command in one server.

    Attributes:
        name: of the commands.
        bot_ids: the bots that have one.
        only_here: those of them whose command is for this server only.
    """

    name: str
    bot_ids: tuple[UUID, ...]
    only_here: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class CommandLook:
    """What a runner found at the platform when it last compared.

    Attributes:
        looked_at: when.
        differs: how many commands are not as published.
        digest: of what is to be done; the one that somebody applies must still be this.
        plan: as `CommandPlan.to_json` gave it.
    """

    bot_id: UUID
    looked_at: datetime
    differs: int
    digest: str
    plan: Mapping[str, Any]


def _named(guild_id: int | None, name: str) -> dict[str, Any]:
    return {"name": name, "guild_id": None if guild_id is None else str(guild_id)}
