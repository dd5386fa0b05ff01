"""Messages in channels."""

from collections.abc import Mapping
from typing import Any

from socialcube.sandbox.errors import (
    CannotEditOthersError,
    EmptyMessageError,
    MissingAccessError,
    MissingPermissionsError,
    NotATextChannelError,
    UnknownMessageError,
)
from socialcube.sandbox.world import drafts, permissions
from socialcube.sandbox.world.changes import MessageEdited, MessagePosted, MessageRemoved
from socialcube.sandbox.world.core import Core
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import EPHEMERAL, LOADING, Channel, Message, Origin, Webhook

REPLY, COMMAND_ANSWER = 19, 20
COMMAND = 2
_TEXT_CHANNELS = frozenset({0, 2, 5})


class Messages:
    """Reads and changes messages. Every change is told on the feed."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._nonces: dict[tuple[int, str | int], tuple[float, Message]] = {}

    def post(self, author_id: int, channel_id: int, draft: Draft) -> Message:
        """Post a message as a person or bot that may write in the channel.

        Raises:
            UnknownChannelError: there is no such channel.
            MissingAccessError: the author does not see the channel.
            MissingPermissionsError: the author sees it but may not write.
            NotATextChannelError: nobody can write there.
            EmptyMessageError: the draft has nothing in it.
        """
        channel = self._writable(author_id, channel_id)
        # Looked up only after the rights: a nonce must not show a message to who may no longer see it.
        repeated = self._find_repeated(author_id, draft)
        if repeated is not None:
            return repeated
        if draft.is_empty:
            raise EmptyMessageError
        message = self._make(author_id, channel, draft)
        message.kind = REPLY if draft.reply_to else 0
        if draft.nonce is not None and draft.enforce_nonce:
            until = self._core.clock.monotonic() + self._core.limits.nonce_seconds
            self._nonces[author_id, draft.nonce] = (until, message)
        return self._add(message)

    def answer(self, application_id: int, channel_id: int, draft: Draft, origin: Origin) -> Message:
        """Post an application's answer to an interaction; it needs no permission in the channel.

        Args:
            application_id: whose bot answers.
            channel_id: where the interaction began.
            draft: the answer; with the flag LOADING it may be empty.
            origin: the interaction; an ephemeral answer is seen by its person only.

        Raises:
            UnknownChannelError: the channel was deleted meanwhile.
            EmptyMessageError: the draft has nothing in it.
        """
        if draft.is_empty and not draft.flags & LOADING:
            raise EmptyMessageError
        message = self._make(application_id, self._core.get_channel(channel_id), draft)
        message.kind = COMMAND_ANSWER if origin.kind == COMMAND else 0
        message.application_id = application_id
        message.origin = origin
        message.seen_by = origin.user_id if draft.flags & EPHEMERAL else None
        return self._add(message)

    def post_as_webhook(self, webhook: Webhook, draft: Draft, *, name: str | None = None) -> Message:
        """Post a message through a webhook; it needs no permission in the channel.

        Raises:
            EmptyMessageError: the draft has nothing in it.
        """
        if draft.is_empty:
            raise EmptyMessageError
        message = self._make(webhook.id, self._core.get_channel(webhook.channel_id), draft)
        message.webhook_id, message.author_name = webhook.id, name
        return self._add(message)

    def get(self, channel_id: int, message_id: int) -> Message:
        """Give a message, ephemeral ones too, or raise UnknownMessageError."""
        for message in reversed(self._core.state.messages.get(channel_id, [])):
            if message.id == message_id:
                return message
        raise UnknownMessageError

    def list_in(
        self, channel_id: int, *, viewer_id: int | None = None, before: int | None = None, limit: int = 50
    ) -> list[Message]:
        """Give the newest messages of a channel, oldest first.

        Args:
            channel_id: the channel.
            viewer_id: who looks: their ephemeral answers are included. None sees only public messages.
            before: only messages with a smaller id.
            limit: at most this many.
        """
        kept = self._core.state.messages.get(channel_id, [])
        seen = [
            item
            for item in kept
            if item.seen_by in {None, viewer_id} and (before is None or item.id < before)
        ]
        return seen[-limit:]

    def edit(self, message: Message, changes: Mapping[str, Any], *, editor_id: int | None = None) -> Message:
        """Change fields of a message, by attribute name.

        Raises:
            CannotEditOthersError: `editor_id` is given and did not write it.
            EmptyMessageError: nothing would be left.
        """
        if editor_id is not None and message.author_id != editor_id:
            raise CannotEditOthersError
        left = {
            name: changes.get(name, getattr(message, name)) for name in ("content", "embeds", "components")
        }
        if Draft(**left, attachments=changes.get("attachments", message.attachments)).is_empty:
            raise EmptyMessageError
        for name, value in changes.items():
            setattr(message, name, value)
        if "content" in changes:
            guild = self._core.get_guild(message.guild_id)
            message.mention_ids = drafts.mentioned_users(Draft(message.content), guild)
        # Keeping a promise is no edit: Discord shows no "(edited)" behind the first answer.
        was_loading, message.flags = message.flags & LOADING, message.flags & ~LOADING
        message.edited_at = message.edited_at if was_loading else self._core.clock.now()
        self._core.feed.publish(MessageEdited(message))
        return message

    def delete(self, message: Message, *, by: int | None = None) -> None:
        """Remove a message; `by` must have written it or may manage messages there."""
        if by is not None and message.author_id != by and not self._manages(by, message.channel_id):
            raise MissingPermissionsError
        self._core.state.messages[message.channel_id].remove(message)
        self._core.feed.publish(MessageRemoved(message))

    def forget_nonces(self) -> None:
        """Let every nonce make a message again, for a world that starts again."""
        self._nonces.clear()

    def _add(self, message: Message) -> Message:
        kept = self._core.state.messages.setdefault(message.channel_id, [])
        kept.append(message)
        del kept[: -self._core.limits.messages_kept]
        self._core.get_channel(message.channel_id).last_message_id = message.id
        self._core.feed.publish(MessagePosted(message))
        return message

    def _make(self, author_id: int, channel: Channel, draft: Draft) -> Message:
        guild = self._core.get_guild(channel.guild_id)
        return Message(
            id=self._core.ids.make(),
            channel_id=channel.id,
            guild_id=guild.id,
            author_id=author_id,
            content=draft.content,
            created_at=self._core.clock.now(),
            flags=draft.flags,
            tts=draft.tts,
            embeds=draft.embeds,
            components=draft.components,
            attachments=draft.attachments,
            mention_ids=drafts.mentioned_users(draft, guild),
            mention_role_ids=drafts.mentioned_roles(draft, guild),
            mention_everyone=drafts.mentions_everyone(draft) and self._pings_everyone(author_id, channel),
            reply_to=draft.reply_to,
            nonce=draft.nonce,
        )

    def _writable(self, author_id: int, channel_id: int) -> Channel:
        channel = self._core.get_channel(channel_id)
        granted = self._granted(author_id, channel)
        if not granted & Permission.VIEW_CHANNEL:
            raise MissingAccessError
        if not granted & Permission.SEND_MESSAGES:
            raise MissingPermissionsError
        if channel.kind not in _TEXT_CHANNELS:
            raise NotATextChannelError
        return channel

    def _find_repeated(self, author_id: int, draft: Draft) -> Message | None:
        """Find the message that this author's nonce already made (Discord docs, "Create Message")."""
        if draft.nonce is None or not draft.enforce_nonce:
            return None
        now = self._core.clock.monotonic()
        self._nonces = {key: entry for key, entry in self._nonces.items() if entry[0] > now}
        found = self._nonces.get((author_id, draft.nonce))
        return found[1] if found else None

    def _granted(self, user_id: int, channel: Channel) -> int:
        guild = self._core.get_guild(channel.guild_id)
        member = guild.members.get(user_id)
        return permissions.in_channel(guild, channel, member) if member else 0

    def _pings_everyone(self, author_id: int, channel: Channel) -> bool:
        return bool(self._granted(author_id, channel) & Permission.MENTION_EVERYONE)

    def _manages(self, user_id: int, channel_id: int) -> bool:
        return bool(self._granted(user_id, self._core.get_channel(channel_id)) & Permission.MANAGE_MESSAGES)
