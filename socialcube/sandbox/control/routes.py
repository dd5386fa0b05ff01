"""Where the control door's handlers live."""

from collections.abc import Iterable

from aiohttp import web

from socialcube.sandbox.control import applications, gateway, people, places, records, troubles, webhooks
from socialcube.sandbox.control.door import Handler, locked

_APPLICATION = "/applications/{application_id}"

HANDLERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/world", places.describe),
    ("POST", "/reset", places.reset),
    ("POST", "/guilds", places.create_guild),
    ("PATCH", "/guilds/{guild_id}", places.change_guild),
    ("POST", "/guilds/{guild_id}/channels", places.create_channel),
    ("POST", "/guilds/{guild_id}/roles", places.create_role),
    ("DELETE", "/guilds/{guild_id}/roles/{role_id}", places.delete_role),
    ("PUT", "/guilds/{guild_id}/members/{user_id}", places.add_member),
    ("DELETE", "/guilds/{guild_id}/members/{user_id}", places.remove_member),
    ("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", places.give_role),
    ("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", places.take_role),
    ("PATCH", "/channels/{channel_id}", places.rename_channel),
    ("DELETE", "/channels/{channel_id}", places.delete_channel),
    ("GET", "/channels/{channel_id}/webhooks", webhooks.list_all),
    ("POST", "/channels/{channel_id}/webhooks", webhooks.create),
    ("DELETE", "/webhooks/{webhook_id}", webhooks.delete),
    ("GET", "/applications", applications.list_all),
    ("POST", "/applications", applications.create),
    ("PATCH", _APPLICATION, applications.change),
    ("POST", _APPLICATION + "/token", applications.reset_token),
    ("PUT", _APPLICATION + "/guilds/{guild_id}", applications.add_to_guild),
    ("DELETE", _APPLICATION + "/guilds/{guild_id}", applications.remove_from_guild),
    ("POST", _APPLICATION + "/gateway", gateway.act),
    ("POST", _APPLICATION + "/events", gateway.dispatch),
    ("GET", "/sessions", gateway.list_sessions),
    ("GET", "/gateway/faults", troubles.list_all),
    ("POST", "/gateway/faults", troubles.add),
    ("DELETE", "/gateway/faults", troubles.clear),
    ("POST", "/invocations", people.invoke),
    ("POST", "/clicks", people.click),
    ("GET", "/interactions/{interaction_id}", people.get_interaction),
    ("POST", "/messages", people.post_message),
    ("GET", "/messages", people.list_messages),
    ("GET", "/calls", records.list_calls),
    ("DELETE", "/calls", records.clear_calls),
    ("GET", "/faults", records.list_faults),
    ("POST", "/faults", records.add_fault),
    ("DELETE", "/faults", records.clear_faults),
)


def routes() -> Iterable[web.RouteDef]:
    """Give the routes, each behind the lock."""
    for method, path, handler in HANDLERS:
        yield web.route(method, f"/control{path}", locked(handler))
