"""People use commands and components; applications answer within Discord's windows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from socialcube.sandbox.errors import (
    AlreadyAcknowledgedError,
    InvalidWebhookTokenError,
    MissingAccessError,
    MissingPermissionsError,
    UnknownInteractionError,
    UnknownMessageError,
    UnknownWebhookError,
)
from socialcube.sandbox.world import options, permissions, tokens
from socialcube.sandbox.world.changes import InteractionAnswered, InteractionFailed, InteractionStarted
from socialcube.sandbox.world.commands import Commands
from socialcube.sandbox.world.core import Core
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import Interaction, InteractionKind, ResponseKind
from socialcube.sandbox.world.messages import Messages
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import LOADING, Command, Message


class Interactions:
    """Starts interactions, takes their responses, and lets time run out. All is told on the feed."""

    def __init__(self, core: Core, commands: Commands, messages: Messages) -> None:
        self._core = core
        self._commands = commands
        self._messages = messages
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self._waiting: dict[int, Interaction] = {}

    def invoke(
        self, user_id: int, channel_id: int, command_id: int, given: Sequence[Mapping[str, Any]] = ()
    ) -> Interaction:
        """Use a slash command as a person, with options in Discord's nested form.

        Raises:
            UnknownChannelError, UnknownMemberError, UnknownCommandError: one of them is not there.
            MissingAccessError: the person does not see the channel or may not use commands in it.
            MissingPermissionsError: the command asks for permissions that the person lacks.
            InvalidOptionError: an option is missing, unknown or outside its rules.
        """
        command = self._usable(user_id, channel_id, command_id)
        guild = self._core.get_guild(self._core.get_channel(channel_id).guild_id)
        checked = options.checked(command.body.get("options", []), given, guild)
        return self._start(InteractionKind.COMMAND, user_id, channel_id, command, _data(command, checked))

    def autocomplete(
        self, user_id: int, channel_id: int, command_id: int, given: Sequence[Mapping[str, Any]]
    ) -> Interaction:
        """Ask an application for suggestions. The option being typed carries `focused: true`."""
        command = self._usable(user_id, channel_id, command_id)
        data = _data(command, [dict(option) for option in given])
        return self._start(InteractionKind.AUTOCOMPLETE, user_id, channel_id, command, data)

    def click(
        self, user_id: int, message: Message, custom_id: str, values: Sequence[str] = ()
    ) -> Interaction:
        """Use a button or a select menu below a message, or raise UnknownMessageError when it has none."""
        component = find_component(message.components, custom_id)
        if component is None or message.seen_by not in {None, user_id}:
            raise UnknownMessageError
        data: dict[str, Any] = {"custom_id": custom_id, "component_type": component["type"]}
        if component["type"] != _BUTTON:
            data["values"] = list(values)
        interaction = self._make(InteractionKind.COMPONENT, user_id, message.channel_id, message.author_id)
        interaction.name, interaction.data, interaction.message = custom_id, data, message
        return self._publish(interaction)

    def find(self, interaction_id: int) -> Interaction | None:
        """Give an interaction that is not older than its token's life, or None."""
        return self._by_id.get(interaction_id)

    def get_open(self, interaction_id: int, token: str) -> Interaction:
        """Give an interaction that still takes its first response.

        Raises:
            UnknownInteractionError: no such id and token, or the callback window is over.
            AlreadyAcknowledgedError: it had its first response.
        """
        interaction = self._by_id.get(interaction_id)
        if interaction is None or not tokens.is_same(token, interaction.token):
            raise UnknownInteractionError
        if interaction.response is not None:
            raise AlreadyAcknowledgedError
        if self._age(interaction) > self._core.limits.callback_seconds:
            raise UnknownInteractionError
        return interaction

    def get_by_token(self, application_id: int, token: str) -> Interaction:
        """Give the interaction behind a follow-up address.

        Raises:
            InvalidWebhookTokenError: no such token, or older than the interaction's life.
            UnknownWebhookError: it has had no first response yet.
        """
        # One answer for a wrong token and an old one, as Discord has it.
        interaction = self._by_token.get(token)
        if interaction is None or interaction.application_id != application_id:
            raise InvalidWebhookTokenError
        if self._age(interaction) > self._core.limits.interaction_seconds:
            raise InvalidWebhookTokenError
        if interaction.response is None:
            raise UnknownWebhookError
        return interaction

    def respond(self, interaction: Interaction, kind: ResponseKind, draft: Draft | None = None) -> None:
        """Take the first response that answers with a message, or promises one."""
        draft = draft or Draft()
        if kind is ResponseKind.LOADING_MESSAGE:
            draft = Draft(flags=draft.flags | LOADING)
        interaction.original = self._answer(interaction, draft)
        self._acknowledge(interaction, kind)

    def update(self, interaction: Interaction, changes: Mapping[str, Any], *, later: bool = False) -> None:
        """Take the first response that changes the message which the component sits on, now or later."""
        interaction.original = interaction.message
        if interaction.message is not None and not later:
            self._messages.edit(interaction.message, changes)
        self._acknowledge(interaction, ResponseKind.LOADING_UPDATE if later else ResponseKind.UPDATE)

    def suggest(self, interaction: Interaction, choices: list[dict[str, Any]]) -> None:
        """Take the suggestions for an autocomplete as its first response."""
        interaction.choices = choices
        self._acknowledge(interaction, ResponseKind.CHOICES)

    def show_modal(self, interaction: Interaction, modal: dict[str, Any]) -> None:
        """Take a form to show as the first response."""
        interaction.modal = modal
        self._acknowledge(interaction, ResponseKind.MODAL)

    def follow_up(self, interaction: Interaction, draft: Draft) -> Message:
        """Post a further message.

        The first one after a promised answer becomes that answer and keeps its privacy
        (Discord docs, "Receiving and Responding" > "Create Followup Message").
        """
        original = interaction.original
        if original is not None and original.flags & LOADING:
            return self._messages.edit(original, _replacing(draft))
        message = self._answer(interaction, draft)
        interaction.followups.append(message)
        return message

    def get_message(self, interaction: Interaction, message_id: int | None) -> Message:
        """Give the first response's message (None) or a follow-up, or raise UnknownMessageError."""
        mine = (
            [interaction.original] if message_id is None else [interaction.original, *interaction.followups]
        )
        for message in mine:
            if message is not None and message_id in {None, message.id}:
                return self._messages.get(message.channel_id, message.id)
        raise UnknownMessageError

    def expire(self) -> None:
        """Fail those whose callback window is over, and forget those whose token is. Call it often."""
        limits = self._core.limits
        # Both collections are in the order of their start, so each look ends at the first young one.
        for interaction in self._older(self._waiting.values(), limits.callback_seconds):
            del self._waiting[interaction.id]
            interaction.failed = True
            self._core.feed.publish(InteractionFailed(interaction))
        for interaction in self._older(self._by_id.values(), limits.interaction_seconds):
            del self._by_id[interaction.id]
            del self._by_token[interaction.token]

    def forget_all(self) -> None:
        """Drop every interaction, for a world that starts again."""
        self._by_id.clear()
        self._by_token.clear()
        self._waiting.clear()

    def _usable(self, user_id: int, channel_id: int, command_id: int) -> Command:
        channel = self._core.get_channel(channel_id)
        guild, member = (
            self._core.get_guild(channel.guild_id),
            self._core.get_member(channel.guild_id, user_id),
        )
        bits = permissions.in_channel(guild, channel, member)
        needed = Permission.VIEW_CHANNEL | Permission.USE_APPLICATION_COMMANDS
        if bits & needed != needed:
            raise MissingAccessError
        command = self._commands.get_visible(guild.id, command_id)
        if not self._commands.allows(command, bits):
            raise MissingPermissionsError
        return command

    def _start(
        self, kind: InteractionKind, user_id: int, channel_id: int, command: Command, data: dict[str, Any]
    ) -> Interaction:
        interaction = self._make(kind, user_id, channel_id, command.application_id)
        interaction.name, interaction.data = command.name, data
        return self._publish(interaction)

    def _make(self, kind: InteractionKind, user_id: int, channel_id: int, application_id: int) -> Interaction:
        return Interaction(
            id=self._core.ids.make(),
            token=tokens.interaction_token(),
            kind=kind,
            application_id=application_id,
            guild_id=self._core.get_channel(channel_id).guild_id,
            channel_id=channel_id,
            user_id=user_id,
            name="",
            data={},
            started=self._core.clock.monotonic(),
        )

    def _publish(self, interaction: Interaction) -> Interaction:
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        self._waiting[interaction.id] = interaction
        self._core.feed.publish(InteractionStarted(interaction))
        return interaction

    def _answer(self, interaction: Interaction, draft: Draft) -> Message:
        return self._messages.answer(
            interaction.application_id, interaction.channel_id, draft, interaction.origin
        )

    def _acknowledge(self, interaction: Interaction, kind: ResponseKind) -> None:
        self._waiting.pop(interaction.id, None)
        interaction.response = kind
        interaction.response_seconds = self._age(interaction)
        self._core.feed.publish(InteractionAnswered(interaction))

    def _age(self, interaction: Interaction) -> float:
        return self._core.clock.monotonic() - interaction.started

    def _older(self, candidates: Iterable[Interaction], seconds: float) -> list[Interaction]:
        """Give those older than `seconds` from a collection in the order of their start."""
        found = []
        for interaction in candidates:
            if self._age(interaction) <= seconds:
                break
            found.append(interaction)
        return found


_BUTTON = 2


def find_component(components: Iterable[Mapping[str, Any]], custom_id: str) -> Mapping[str, Any] | None:
    """Find a component by its custom id, at any depth."""
    for component in components:
        if component.get("custom_id") == custom_id:
            return component
        inner = [
            *component.get("components", []),
            *([component["accessory"]] if "accessory" in component else []),
        ]
        found = find_component(inner, custom_id)
        if found is not None:
            return found
    return None


def _data(command: Command, checked: list[dict[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {"id": str(command.id), "name": command.name, "type": command.kind}
    if checked:
        data["options"] = checked
    if command.guild_id is not None:
        data["guild_id"] = str(command.guild_id)
    return data


def _replacing(draft: Draft) -> dict[str, Any]:
    """Give the changes that turn a loading message into this draft."""
    return {
        "content": draft.content,
        "embeds": draft.embeds,
        "components": draft.components,
        "attachments": draft.attachments,
    }
