"""Answers the person who used the command."""

from typing import ClassVar

from pydantic import Field

from socialcube.engine.action import Action, StepContext
from socialcube.engine.budget import Resource
from socialcube.engine.messages import MessageFields, render_message


class ReplyFields(MessageFields):
    """The parameters of `reply`."""

    private: bool = Field(default=False, title="Private", description="Only the person who asked sees it.")


class Reply(Action[ReplyFields]):
    """Sends a message as the answer; a second one follows up."""

    name = "reply"
    label = "Reply"
    description = "Answers the person who used the command, with a text, an embed or both."
    fields_model = ReplyFields
    cost: ClassVar = {Resource.DISCORD_WRITES: 1}

    async def run(self, context: StepContext, fields: ReplyFields) -> None:
        """Fill in the message and send it."""
        await context.reply(render_message(context, fields, private=fields.private))

    def answers_privately(self, fields: ReplyFields) -> bool:
        """Give the privacy that the author chose."""
        return fields.private
