"""Tries a command out: the same path as a real run, and nothing leaves the process."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from socialcube.domain.commands.documents import CommandDocument, read_answers
from socialcube.domain.commands.registry import compile_draft
from socialcube.domain.commands.run.report import RunReport
from socialcube.domain.commands.run.running import NO_RULES, run_command
from socialcube.domain.commands.types import Invocation, Person
from socialcube.domain.guilds.registry import ServerRules
from socialcube.domain.logs.ports import NullSink
from socialcube.engine.context import BotView
from socialcube.engine.dry_run import RecordingResponder
from socialcube.kernel.clock import Clock
from socialcube.kernel.ids import new_id

# Ids below 2**22 carry no timestamp and were never given out by Discord.
_SOMEBODY: Final = Person(id=1, name="you", display_name="You")


@dataclass(frozen=True, slots=True)
class Scene:
    """Who tries a command, and where: what templates see of both."""

    person: Person = _SOMEBODY
    guild_id: int = 2
    guild_name: str = "Dry run"
    channel_id: int = 3
    channel_name: str = "dry-run"


SCENE: Final = Scene()
"""Where a command is tried unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a dry run showed.

    Attributes:
        messages: what would have been sent, in order, as plain JSON data.
    """

    report: RunReport
    messages: tuple[Mapping[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON data, as the answer of a job carries it."""
        return {**self.report.to_json(), "messages": [dict(message) for message in self.messages]}


async def try_command(  # noqa: PLR0913 - every fact of the trial has its own name
    bot_id: UUID,
    document: CommandDocument,
    answers: Mapping[str, object],
    *,
    bot: BotView,
    clock: Clock,
    command_id: UUID | None = None,
    scene: Scene = SCENE,
    rules: ServerRules = NO_RULES,
) -> Trial:
    """Run a command as if somebody had used it in a server.

    Args:
        bot_id: our key of the bot.
        document: the command, published or not.
        answers: what is typed into its options, by name.
        bot: the bot as templates see it.
        clock: for budgets and durations.
        command_id: our key of the command, if it has one.
        scene: who uses it, and where.
        rules: what counts in the server.

    Raises:
        CommandsInvalidError: the document or the answers have problems.
    """
    responder = RecordingResponder()
    invocation = Invocation(
        event_id=new_id(),
        bot_id=bot_id,
        external_id=0,
        command_name=document.name,
        guild_id=scene.guild_id,
        guild_name=scene.guild_name,
        channel_id=scene.channel_id,
        channel_name=scene.channel_name,
        person=scene.person,
        options=read_answers(document, answers),
        received_at=clock.now(),
        received=clock.monotonic(),
    )
    snapshot = compile_draft(command_id or invocation.event_id, document)
    report = await run_command(
        invocation, snapshot, responder, sink=NullSink(), clock=clock, bot=bot, rules=rules
    )
    return Trial(report, tuple(asdict(message) for message in responder.messages))
