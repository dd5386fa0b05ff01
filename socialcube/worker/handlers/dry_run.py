"""Answers "what would this command do?": runs the draft with the engine, and sends nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.bots import queries as bots
from socialcube.domain.commands import documents, queries
from socialcube.domain.commands.run import SCENE, Scene, try_command
from socialcube.domain.guilds import registry
from socialcube.domain.jobs.types import JobView
from socialcube.engine.context import BotView
from socialcube.kernel.errors import InvalidInputError


class DryRunPayload(BaseModel):
    """What is asked.

    Attributes:
        command: name of the command whose draft is tried.
        options: what is typed into its fields, by name.
        person: what the one who tries it is called; nobody in particular when empty.
        guild_id: Discord's id of the server whose settings count; None for the defaults.
        server: what the server is called where it is tried; none in particular when empty.
    """

    model_config = ConfigDict(extra="forbid")

    bot_id: UUID
    command: str
    options: Mapping[str, object] = {}
    guild_id: int | None = None
    person: str = ""
    server: str = ""

    def scene(self) -> Scene:
        """Give who tries the command, and where."""
        person = replace(SCENE.person, name=self.person, display_name=self.person)
        return replace(
            SCENE,
            person=person if self.person else SCENE.person,
            guild_name=self.server or SCENE.guild_name,
        )


def try_out(services: WorkerServices, job: JobView) -> dict[str, object]:
    """Run the draft of a command. Gives its outcome, trace and what would have been sent.

    Raises:
        InvalidInputError: the question itself has a wrong shape.
        BotNotFoundError, CommandNotFoundError, CommandsInvalidError: as they say.
    """
    try:
        asked = DryRunPayload.model_validate(dict(job.payload))
    except ValidationError as error:
        raise InvalidInputError(reason=f"{error.error_count()} fields of the question are wrong") from error
    with services.shared.reads() as session:
        bot = bots.get_bot(session, asked.bot_id)
        draft = queries.get_draft(session, asked.bot_id, asked.command)
        rules = registry.read(session, asked.bot_id).find(asked.guild_id)
    trial = asyncio.run(
        try_command(
            bot.id,
            documents.parse(dict(draft.document)),
            asked.options,
            bot=BotView(id=str(bot.external_id), name=bot.name, mention=f"<@{bot.external_id}>"),
            clock=services.shared.clock,
            command_id=draft.id,
            scene=asked.scene(),
            # Switched off or not: whoever tries a command wants to see it run.
            rules=replace(rules, disabled_commands=frozenset()),
        )
    )
    return trial.to_json()
