"""A client for the control door. Plain blocking HTTP, so that tests of any kind can use it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import SANDBOX_KEY_HEADER
from socialcube.sandbox.control.fault_client import FaultClient

_FINE: Final = 300
_SECONDS: Final = 90.0


class ControlRefusedError(SocialCubeError):
    """The control door answered {status}: {body}."""

    code = "control_refused"


@dataclass(frozen=True, slots=True)
class Bot:
    """An application as the control door shows it. Ids are strings, as in Discord's JSON."""

    id: str
    name: str
    description: str
    token: str
    client_secret: str
    redirect_uris: list[str]
    intents: int
    starts_left: int
    shards: int
    max_concurrency: int
    guild_ids: list[str]
    online: bool
    interactions_url: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A channel's webhook, with the address to post to."""

    id: str
    name: str
    url: str


class ControlClient(FaultClient):
    """Opens the control door of one sandbox.

    Args:
        origin: scheme, host and port.
        key: the door's key.
    """

    def __init__(self, origin: str, key: Secret) -> None:
        self._address = urlsplit(origin).netloc
        self._key = key

    def bots(self) -> dict[str, Bot]:
        """Give the applications that have a bot, by name."""
        found = [Bot(**item) for item in self.ask("GET", "/applications") if item["token"]]
        return {bot.name: bot for bot in found}

    def create_bot(self, name: str, *, guild_ids: Sequence[int | str] = (), intents: int = 0) -> Bot:
        """Make an application with a bot, installed in these guilds."""
        body = {"name": name, "guild_ids": [str(key) for key in guild_ids], "intents": intents}
        return Bot(**self.ask("POST", "/applications", body))

    def set_intents(self, bot_id: str, intents: int) -> None:
        """Switch a bot's limited intents, as gateway bits."""
        self.ask("PATCH", f"/applications/{bot_id}", {"intents": intents})

    def set_starts(self, bot_id: str, used: int) -> None:
        """Say how many session starts a bot used today."""
        self.ask("PATCH", f"/applications/{bot_id}", {"starts": used})

    def set_interactions_url(self, bot_id: str, url: str) -> None:
        """Say where a bot's commands are sent instead of to the gateway; empty for nowhere else."""
        self.ask("PATCH", f"/applications/{bot_id}", {"interactions_url": url})

    def set_sharding(
        self,
        bot_id: str,
        shards: int,
        *,
        max_concurrency: int | None = None,
        guilds_per_shard: int | None = None,
    ) -> None:
        """Say how many shards `/gateway/bot` recommends, and what else holds for their sessions.

        Args:
            bot_id: the bot.
            shards: recommended number.
            max_concurrency: shards that may start a session at the same moment; None leaves it.
            guilds_per_shard: guilds beyond which a session is refused with 4011; None leaves it.
        """
        body = {"shards": shards, "max_concurrency": max_concurrency, "guilds_per_shard": guilds_per_shard}
        self.ask("PATCH", f"/applications/{bot_id}", body)

    def reset_token(self, bot_id: str) -> str:
        """Invalidate a bot's token at once. Gives the new one."""
        return str(self.ask("POST", f"/applications/{bot_id}/token")["token"])

    def add_to_guild(self, bot_id: str, guild_id: int | str) -> None:
        """Install a bot in a guild."""
        self.ask("PUT", f"/applications/{bot_id}/guilds/{guild_id}")

    def remove_from_guild(self, bot_id: str, guild_id: int | str) -> None:
        """Take a bot out of a guild."""
        self.ask("DELETE", f"/applications/{bot_id}/guilds/{guild_id}")

    def create_guild(self, name: str, *, slot: int = 0) -> str:
        """Make a guild of Mara's. Shard `slot % n` of n is told of it. Gives its id."""
        return str(self.ask("POST", "/guilds", {"name": name, "slot": slot})["id"])

    def create_webhook(self, channel_id: int | str, name: str = "Alerts") -> Webhook:
        """Make a webhook for a channel."""
        made = self.ask("POST", f"/channels/{channel_id}/webhooks", {"name": name})
        return Webhook(made["id"], made["name"], made["url"])

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook: its address answers 404 from now on."""
        self.ask("DELETE", f"/webhooks/{webhook_id}")

    def create_role(self, guild_id: int | str, name: str, permissions: int = 0) -> str:
        """Add a role to a guild. Gives its id."""
        body = {"name": name, "permissions": permissions}
        return str(self.ask("POST", f"/guilds/{guild_id}/roles", body)["id"])

    def give_role(self, guild_id: int | str, user_id: int | str, role_id: int | str) -> None:
        """Give a member a role."""
        self.ask("PUT", f"/guilds/{guild_id}/members/{user_id}/roles/{role_id}")

    def take_role(self, guild_id: int | str, user_id: int | str, role_id: int | str) -> None:
        """Take a role from a member."""
        self.ask("DELETE", f"/guilds/{guild_id}/members/{user_id}/roles/{role_id}")

    def give_away(self, guild_id: int | str, user_id: int | str) -> None:
        """Make a member a guild's owner."""
        self.ask("PATCH", f"/guilds/{guild_id}", {"owner_id": str(user_id)})

    def close(self, bot_id: str, code: int = 4000, *, shard: int | None = None) -> int:
        """Close a bot's gateway connections, or that of one shard. Gives how many there were."""
        return self._act(bot_id, shard, action="close", code=code)

    def abort(self, bot_id: str, *, shard: int | None = None) -> int:
        """Cut a bot's TCP connections to the gateway."""
        return self._act(bot_id, shard, action="abort")

    def reconnect(self, bot_id: str, *, shard: int | None = None) -> int:
        """Send op 7 to a bot."""
        return self._act(bot_id, shard, action="reconnect")

    def invalidate(self, bot_id: str, *, resumable: bool, shard: int | None = None) -> int:
        """Send op 9 to a bot."""
        return self._act(bot_id, shard, action="invalidate", resumable=resumable)

    def mute(self, bot_id: str, *, shard: int | None = None) -> int:
        """Let nothing through a bot's gateway connections any more, though they stay open."""
        return self._act(bot_id, shard, action="mute")

    def dispatch(self, bot_id: str, event: str, data: Any) -> int:
        """Send any event to a bot. Gives how many sessions got it."""
        return int(
            self.ask("POST", f"/applications/{bot_id}/events", {"event": event, "data": data})["sessions"]
        )

    def sessions(
        self, bot_id: str | None = None, *, connected: bool | None = None, shard: int | None = None
    ) -> list[dict[str, Any]]:
        """Give gateway sessions; those with (True) or without (False) a live connection, or all."""
        found = self.ask("GET", "/sessions", query={"application_id": bot_id})
        kept = [item for item in found if connected in {None, item["connected"]}]
        return [item for item in kept if shard in {None, item["shard"][0]}]

    def invoke(  # noqa: PLR0913 - one request, every part by name
        self,
        command: str,
        *,
        user_id: int | str,
        channel_id: int | str,
        options: Mapping[str, Any] | None = None,
        bot_id: str | None = None,
        wait: float = 5.0,
    ) -> dict[str, Any]:
        """Use a slash command as a person. Gives `outcome`, `message` and more within `wait` seconds."""
        body = {
            "command": command,
            "user_id": str(user_id),
            "channel_id": str(channel_id),
            "options": dict(options or {}),
            "application_id": bot_id,
            "wait": wait,
        }
        return dict(self.ask("POST", "/invocations", body))

    def click(
        self, message: Mapping[str, Any], custom_id: str, *, user_id: int | str, wait: float = 5.0
    ) -> dict[str, Any]:
        """Press a button below a message as a person."""
        body = {
            "user_id": str(user_id),
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            "custom_id": custom_id,
            "wait": wait,
        }
        return dict(self.ask("POST", "/clicks", body))

    def interaction(self, interaction_id: str) -> dict[str, Any]:
        """Give what has become of an interaction by now."""
        return dict(self.ask("GET", f"/interactions/{interaction_id}"))

    def say(self, content: str, *, user_id: int | str, channel_id: int | str) -> dict[str, Any]:
        """Write a message as a person."""
        body = {"content": content, "user_id": str(user_id), "channel_id": str(channel_id)}
        return dict(self.ask("POST", "/messages", body))

    def messages(self, channel_id: int | str, *, viewer_id: int | str | None = None) -> list[dict[str, Any]]:
        """Give a channel's messages, oldest first; with `viewer_id` also that person's private ones."""
        return list(self.ask("GET", "/messages", query={"channel_id": channel_id, "viewer_id": viewer_id}))

    def calls(self, **query: object) -> list[dict[str, Any]]:
        """Give what was seen, filtered by after, limit, kind, application_id, method, path (a pattern)."""
        return list(self.ask("GET", "/calls", query={"limit": 20_000, **query}))

    def clear_calls(self) -> None:
        """Make the witness forget."""
        self.ask("DELETE", "/calls")

    def world(self) -> dict[str, Any]:
        """Give all people and guilds."""
        return dict(self.ask("GET", "/world"))

    def reset(self) -> None:
        """Put the world back to its first day, with new tokens."""
        self.ask("POST", "/reset")

    def ask(
        self, method: str, path: str, body: object = None, *, query: Mapping[str, object] | None = None
    ) -> Any:
        """Send any request to the door. Gives the parsed answer, or raises ControlRefusedError."""
        given = {name: value for name, value in (query or {}).items() if value is not None}
        headers = {SANDBOX_KEY_HEADER: self._key.reveal(), "Content-Type": "application/json"}
        connection = HTTPConnection(self._address, timeout=_SECONDS)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, f"/control{path}?{urlencode(given)}", sent, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if response.status >= _FINE:
            raise ControlRefusedError(status=response.status, body=text)
        return json.loads(text)

    def _act(self, bot_id: str, shard: int | None, **order: object) -> int:
        body = {"shard": shard, **order}
        return int(self.ask("POST", f"/applications/{bot_id}/gateway", body)["connections"])
