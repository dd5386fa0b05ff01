import pytest

from socialcube.sandbox.errors import (
    EmptyMessageError,
    InvalidWebhookTokenError,
    UnknownChannelError,
    UnknownWebhookError,
)
from socialcube.sandbox.world.changes import Change, MessagePosted, WebhooksChanged
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.world import World

GENERAL = 3002


def test_webhook_posts_as_itself_or_under_another_name(world: World, told: list[Change]) -> None:
    webhook = world.webhooks.create(GENERAL, "Alerts")
    plain = world.webhooks.post(webhook, Draft("down"))
    named = world.webhooks.post(webhook, Draft("up"), name="Fleet")

    assert told == [WebhooksChanged(GENERAL), MessagePosted(plain), MessagePosted(named)]
    assert (plain.author_id, plain.webhook_id, plain.author_name) == (webhook.id, webhook.id, None)
    assert named.author_name == "Fleet"


def test_webhook_posts_nothing_empty(world: World) -> None:
    webhook = world.webhooks.create(GENERAL, "Alerts")

    with pytest.raises(EmptyMessageError):
        world.webhooks.post(webhook, Draft(" "))


def test_webhook_is_found_by_id_and_token_only(world: World) -> None:
    webhook = world.webhooks.create(GENERAL, "Alerts")

    assert world.webhooks.get(webhook.id, webhook.token) is webhook
    with pytest.raises(InvalidWebhookTokenError):
        world.webhooks.get(webhook.id, "wrong")
    with pytest.raises(UnknownWebhookError):
        world.webhooks.get(9, webhook.token)


def test_deleted_webhook_is_unknown_and_its_messages_stay(world: World) -> None:
    webhook = world.webhooks.create(GENERAL, "Alerts")
    message = world.webhooks.post(webhook, Draft("down"))
    world.webhooks.delete(webhook)

    with pytest.raises(UnknownWebhookError):
        world.webhooks.get(webhook.id, webhook.token)
    assert world.messages.list_in(GENERAL) == [message]
    assert world.get_user(webhook.id).username == "Alerts"


def test_webhooks_go_with_their_channel(world: World) -> None:
    kept, gone = world.webhooks.create(GENERAL, "Alerts"), world.webhooks.create(3003, "Plants")
    world.guilds.delete_channel(3003)

    assert world.webhooks.list_in() == [kept]
    assert (world.webhooks.list_in(GENERAL), world.webhooks.list_in(gone.channel_id)) == ([kept], [])


def test_webhook_needs_a_channel(world: World) -> None:
    with pytest.raises(UnknownChannelError):
        world.webhooks.create(9, "Alerts")
