"""What one bot answers to: its published commands, compiled once, in memory, never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from socialcube.domain.commands import documents, policy
from socialcube.domain.commands.documents import CommandDocument
from socialcube.domain.commands.errors import CommandsInvalidError
from socialcube.domain.commands.types import CommandKey, DesiredCommand, PublishedCommand, PublishedKey
from socialcube.engine.problems import Problem
from socialcube.engine.program import Program


@dataclass(frozen=True, slots=True, weakref_slot=True)
class CompiledDocument:
    """A document that can run. It belongs to no bot: those that publish the same share it.

    Attributes:
        document: as it was read.
        program: its steps.
    """

    document: CommandDocument
    program: Program


@dataclass(frozen=True, slots=True)
class CompiledCommand:
    """A published command, ready to run.

    Attributes:
        published: what it was compiled from.
        compiled: its document and steps.
    """

    published: PublishedCommand
    compiled: CompiledDocument

    @property
    def document(self) -> CommandDocument:
        """Give the document as it was read."""
        return self.compiled.document

    @property
    def program(self) -> Program:
        """Give the steps."""
        return self.compiled.program

    @property
    def key(self) -> CommandKey:
        """Give where it lives and its name."""
        return self.published.guild_id, self.published.name


@dataclass(frozen=True, slots=True)
class BrokenCommand:
    """A published command that this version of Social Cube cannot run, and why."""

    published: PublishedCommand
    problems: tuple[Problem, ...]

    @property
    def key(self) -> CommandKey:
        """Give where it lives and its name."""
        return self.published.guild_id, self.published.name


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The commands of one bot at one moment. A change makes a new snapshot; runs keep theirs.

    Attributes:
        commands: what can run, by place and name.
        broken: what cannot.
        desired: how what can run should be registered at the platform.
        digest: of all that is desired; equal when a synchronisation would find nothing new.
    """

    commands: Mapping[CommandKey, CompiledCommand] = field(default_factory=lambda: MappingProxyType({}))
    broken: Mapping[CommandKey, BrokenCommand] = field(default_factory=lambda: MappingProxyType({}))
    desired: tuple[DesiredCommand, ...] = ()
    digest: str = ""

    def find(self, name: str, guild_id: int | None) -> CompiledCommand | BrokenCommand | None:
        """Find what a name means in a server: the server's own command wins over the one for all."""
        for key in ((guild_id, name), (None, name)):
            found = self.commands.get(key) or self.broken.get(key)
            if found:
                return found
        return None


def is_current(snapshot: Snapshot, live: Iterable[PublishedKey]) -> bool:
    """Tell whether a snapshot holds exactly these commands, so that their documents need not be read."""
    running = {_identity(command.published) for command in snapshot.commands.values()}
    broken = {_identity(command.published) for command in snapshot.broken.values()}
    return running | broken == set(live)


def build(published: Iterable[PublishedCommand], previous: Snapshot | None = None) -> Snapshot:
    """Compile what is published.

    Args:
        published: all live commands of the bot.
        previous: an earlier snapshot, whose programs are taken over where nothing changed.
    """
    commands: dict[CommandKey, CompiledCommand] = {}
    broken: dict[CommandKey, BrokenCommand] = {}
    earlier = (
        {_identity(command.published): command for command in previous.commands.values()} if previous else {}
    )
    for item in published:
        result = earlier.get(_identity(item)) or compile_command(item)
        if isinstance(result, CompiledCommand):
            commands[result.key] = result
        else:
            broken[result.key] = result
    desired = tuple(_desire(command) for command in commands.values())
    return Snapshot(
        commands=MappingProxyType(commands),
        broken=MappingProxyType(broken),
        desired=desired,
        digest=policy.digest(sorted([str(item.guild_id), item.name, item.digest] for item in desired)),
    )


def compile_command(published: PublishedCommand) -> CompiledCommand | BrokenCommand:
    """Compile one command. One that cannot run is given back with its problems, since the others can."""
    compiled = _COMPILED.get(published.digest)
    if compiled is None:
        try:
            compiled = CompiledDocument(*documents.compile_document(published.document))
        except CommandsInvalidError as error:
            return BrokenCommand(published, error.problems)
        _COMPILED[published.digest] = compiled
    return CompiledCommand(published, compiled)


def compile_draft(command_id: UUID, document: CommandDocument) -> Snapshot:
    """Make a snapshot of one command that is not published, for trying it out.

    Raises:
        CommandsInvalidError: it has problems.
    """
    raw = documents.parse(document.to_json()).to_json()
    return build([PublishedCommand(command_id, document.name, 0, None, raw, policy.digest(raw))])


def _identity(published: PublishedCommand) -> PublishedKey:
    """Tell when two published commands are the same one: a version's document never changes."""
    return published.command_id, published.version, published.guild_id, published.digest


def _desire(command: CompiledCommand) -> DesiredCommand:
    published = command.published
    body = documents.to_registration(command.document, published.guild_id)
    return DesiredCommand(
        command_id=published.command_id,
        guild_id=published.guild_id,
        name=published.name,
        body=body,
        digest=policy.digest(policy.normalise(body)),
        document=command.document,
    )


# Bots made from one template publish the same documents, and compiling takes longer than all else that
# makes a bot ready. What nobody runs any more is forgotten.
_COMPILED: Final[WeakValueDictionary[str, CompiledDocument]] = WeakValueDictionary()
