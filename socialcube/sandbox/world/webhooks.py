"""Webhooks of channels, which need no bot."""

from socialcube.sandbox.errors import InvalidWebhookTokenError, UnknownWebhookError
from socialcube.sandbox.world import tokens
from socialcube.sandbox.world.changes import ChannelRemoved, WebhooksChanged
from socialcube.sandbox.world.core import Core
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.messages import Messages
from socialcube.sandbox.world.records import Message, User, Webhook


class Webhooks:
    """Makes webhooks and posts through them. Every change is told on the feed."""

    def __init__(self, core: Core, messages: Messages) -> None:
        self._core = core
        self._messages = messages
        core.feed.subscribe(
            lambda change: self._follow(change) if isinstance(change, ChannelRemoved) else None
        )

    def create(self, channel_id: int, name: str) -> Webhook:
        """Make a webhook for a channel, or raise UnknownChannelError."""
        channel = self._core.get_channel(channel_id)
        new_id = self._core.small_id()
        webhook = Webhook(new_id, channel.id, channel.guild_id, name, tokens.webhook_token())
        self._core.state.webhooks[new_id] = webhook
        self._core.state.users[new_id] = User(new_id, name, bot=True)
        self._core.feed.publish(WebhooksChanged(channel.id))
        return webhook

    def list_in(self, channel_id: int | None = None) -> list[Webhook]:
        """Give the webhooks of a channel, or all of them."""
        found = self._core.state.webhooks.values()
        return [webhook for webhook in found if channel_id in {None, webhook.channel_id}]

    def get(self, webhook_id: int, token: str | None = None) -> Webhook:
        """Give a webhook.

        Raises:
            UnknownWebhookError: there is none, or it was deleted.
            InvalidWebhookTokenError: a token is given and it is not this one's.
        """
        webhook = self._core.state.webhooks.get(webhook_id)
        if webhook is None:
            raise UnknownWebhookError
        if token is not None and not tokens.is_same(token, webhook.token):
            raise InvalidWebhookTokenError
        return webhook

    def delete(self, webhook: Webhook) -> None:
        """Remove a webhook. Its messages stay, and so does its account, which wrote them."""
        del self._core.state.webhooks[webhook.id]
        self._core.feed.publish(WebhooksChanged(webhook.channel_id))

    def post(self, webhook: Webhook, draft: Draft, *, name: str | None = None) -> Message:
        """Post a message through a webhook, under a name of its own or under the webhook's."""
        return self._messages.post_as_webhook(webhook, draft, name=name)

    def _follow(self, change: ChannelRemoved) -> None:
        """Take the webhooks of a channel away with it."""
        for webhook in self.list_in(change.channel.id):
            self.delete(webhook)
