"""No body, path or query, however odd, may come out of a handler as anything but an answer or a refusal."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialcube.kernel.secrets import Secret
from socialcube.sandbox.errors import DiscordError
from socialcube.sandbox.parts import Parts, assemble
from socialcube.sandbox.rest.api import ROUTES
from socialcube.sandbox.rest.body import Body
from socialcube.sandbox.rest.call import Call, Caller, Reply
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock
from tests.unit.sandbox.bodies import slash

WRITES = {"POST", "PUT", "PATCH"}
NAMES = [
    "name", "description", "type", "options", "choices", "value", "required", "autocomplete", "min_value",
    "max_value", "min_length", "max_length", "channel_types", "name_localizations",
    "default_member_permissions", "content", "embeds", "components", "flags", "nonce", "data", "title",
    "fields", "footer", "image", "url", "text", "color", "timestamp", "custom_id", "style", "label",
    "message_reference", "message_id", "attachments", "id", "allowed_mentions", "parse", "users", "roles",
    "integration_types", "contexts", "enforce_nonce", "accessory", "username", "avatar", "banner",
]  # fmt: skip
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.sampled_from(["hello", "https://example.org", "3002", "users", "x" * 3000])
    | st.integers(0, 20)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=25,
)
parameters = st.sampled_from(["5001", "2001", "3002", "@original", "0", "-1", "", "x", "\u00b2", "9" * 30])


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def parts_of_a_world() -> tuple[Parts, dict[str, str]]:
    world = World(FakeClock())
    command, _ = world.commands.upsert(5001, None, slash())
    message = world.messages.post(5001, 3002, Draft("mine"))
    interaction = world.interactions.invoke(1001, 3002, command.id)
    webhook = world.webhooks.create(3002, "Alerts")
    known = {
        "application_id": "5001",
        "guild_id": "2001",
        "channel_id": "3002",
        "user_id": "1001",
        "role_id": "4001",
        "command_id": str(command.id),
        "message_id": str(message.id),
        "interaction_id": str(interaction.id),
        "interaction_token": interaction.token,
        "webhook_id": str(webhook.id),
        "webhook_token": webhook.token,
    }
    return assemble(world, Secret("key")), known


def assert_answers_or_refuses(
    route: Route, parts: Parts, path: dict[str, str], query: dict[str, str], body: Any
) -> None:
    application = parts.world.applications.get(5001)
    caller = Caller(application, application.id)
    refusal: DiscordError | None = None
    reply: Reply | None = None
    try:
        reply = route.handler(Call(parts, caller, path, query, "http://127.0.0.1:1", Body(body)))
    except DiscordError as error:
        refusal = error
    assert isinstance(reply, Reply) or (refusal is not None and 400 <= refusal.status < 500)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method in WRITES], ids=name_of)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=values,
    odd=st.dictionaries(st.sampled_from(["guild_id", "message_id", "command_id"]), parameters, max_size=1),
)
def test_any_body_is_answered_or_refused(route: Route, body: Any, odd: dict[str, str]) -> None:
    parts, known = parts_of_a_world()

    assert_answers_or_refuses(route, parts, known | odd, {}, body)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method not in WRITES], ids=name_of)
@settings(max_examples=10, deadline=None)
@given(
    query=st.dictionaries(
        st.sampled_from(["limit", "before", "after", "with_counts", "with_localizations"]),
        st.text(max_size=25),
    )
)
def test_any_query_is_answered_or_refused(route: Route, query: dict[str, str]) -> None:
    parts, known = parts_of_a_world()

    assert_answers_or_refuses(route, parts, known, query, {})
