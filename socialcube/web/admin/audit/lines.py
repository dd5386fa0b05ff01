"""Entries as lines of a list: who did what to which thing, and what that changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.audit import policy
from socialcube.domain.audit.policy import Change
from socialcube.domain.audit.types import AuditEntry
from socialcube.kernel.ids import read_id
from socialcube.web.admin.audit.things import Thing, find_things
from socialcube.web.admin.drawing import bot_name
from socialcube.web.context import services
from socialcube.web.names import name_actor

FEW: Final = 2
"""Changes that a line of the list has room for."""

WHO: Final = (
    ("cli", "The command line"),
    ("key", "Any API key"),
    ("fleet", "Bot runners"),
    ("system", "Social Cube"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, as people read it.

    Attributes:
        id: of the entry.
        kind: what kind of thing it is about.
        changes: field by field.
    """

    id: int
    entry: AuditEntry
    who: str
    did: str
    kind: str
    thing: Thing
    changes: tuple[Change, ...]

    @property
    def few(self) -> tuple[Change, ...]:
        """Give the changes that a list shows."""
        return self.changes[:FEW]

    @property
    def is_refusal(self) -> bool:
        """Tell whether something was refused rather than changed."""
        return self.entry.action.endswith((".denied", ".refuse"))

    @property
    def bot_id(self) -> UUID | None:
        """Give the bot that it belongs to."""
        return self.entry.bot_id


def make_lines(entries: Sequence[AuditEntry]) -> list[Line]:
    """Put entries into words, all of them with a handful of questions to the database."""
    things = find_things(entries)
    return [
        Line(
            id=entry.id,
            entry=entry,
            who=name_actor(entry.actor),
            did=policy.describe_action(entry.action),
            kind=policy.describe_subject(entry.subject_kind),
            thing=things[entry.subject_kind, entry.subject_id],
            changes=tuple(_changes(entry, things[entry.subject_kind, entry.subject_id])),
        )
        for entry in entries
    ]


def _changes(entry: AuditEntry, thing: Thing) -> Iterator[Change]:
    """Give the changes, without a name that stands there already."""
    for change in policy.list_changes(entry.before, entry.after):
        if change.field == policy.WHERE:
            yield Change(change.field, _name_place(change.before), _name_place(change.after))
        elif change.before or change.after != thing.label.removeprefix("/"):
            yield change


def _name_place(place: str) -> str:
    if place == "site":
        return "the whole site"
    key = read_id(place)
    return bot_name(key) if key else place


def who_choices() -> list[tuple[str, str]]:
    """Give whom entries can be by: everybody by name, then all that is no person."""
    people = accounts.list_users(services().session())
    named = sorted((user.display_name or user.name, f"user:{user.id}") for user in people)
    return [*((key, name) for name, key in named), *WHO]
