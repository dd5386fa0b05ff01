"""What the adapter takes the place of in py-cord, and what of it it leans on.

When a new release fails here, read what changed at these places, mend the adapter, and note the release.
"""

import hashlib
import inspect
from importlib import import_module
from typing import Final

import discord
import pytest

from socialcube.adapters.discord.client import GatewayClient
from socialcube.adapters.discord.frame_limit import FrameLimit
from socialcube.adapters.discord.gateway_socket import GatewaySocket
from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.discord.state import LeanState

VERSION: Final = "2.8.1"

TAKEN_OVER: Final[dict[type, set[str]]] = {
    GatewayClient: {"_get_state", "close", "connect", "dispatch"},
    GatewaySocket: {"close", "from_client", "identify", "received_message", "send", "send_heartbeat"},
    RestClient: {"close", "request", "ws_connect"},
    LeanState: {"_delay_ready"},
    FrameLimit: {"get_delay", "is_ratelimited"},
}
"""What each of our classes does in its own way, by the names of its parent."""

SOURCES: Final = {
    "discord.client.Client.__init__": "ad3bc75beda4",
    "discord.client.Client._get_state": "93b9c43c5997",
    "discord.client.Client.close": "22773d8dc95e",
    "discord.client.Client.connect": "b4b6a51351e9",
    "discord.client.Client.dispatch": "86b703a75709",
    "discord.client.Client.get_guild": "438808ed0c20",
    "discord.gateway.DiscordWebSocket.__init__": "40faa53b4b59",
    "discord.gateway.DiscordWebSocket.close": "faca96f43534",
    "discord.gateway.DiscordWebSocket.from_client": "c8ed7e9b9b03",
    "discord.gateway.DiscordWebSocket.identify": "37d9091d9deb",
    "discord.gateway.DiscordWebSocket.resume": "495eec56493e",
    "discord.gateway.DiscordWebSocket.poll_event": "be2a1a5dfdce",
    "discord.gateway.DiscordWebSocket.received_message": "143e35bb610b",
    "discord.gateway.DiscordWebSocket.send": "8201c154c640",
    "discord.gateway.DiscordWebSocket.send_as_json": "7e8b1fa74be8",
    "discord.gateway.DiscordWebSocket.send_heartbeat": "5606d2db2a28",
    "discord.gateway.DiscordWebSocket._can_handle_close": "27fcb4e1c85a",
    "discord.http.HTTPClient.__init__": "163695ef5fd8",
    "discord.http.HTTPClient.close": "9b8143158960",
    "discord.http.HTTPClient.request": "5ba0c29ac9c3",
    "discord.http.HTTPClient.ws_connect": "55e8a0fc3892",
    "discord.http.Route.__init__": "1cff13747db1",
    "discord.state.ConnectionState.__init__": "7db5091378d0",
    "discord.state.ConnectionState._delay_ready": "dd9491cde62e",
    "discord.state.ConnectionState.clear": "a58b34f27acc",
    "discord.state.ConnectionState.parse_ready": "cbe29ef1f8d2",
    "discord.state.ConnectionState.parse_guild_create": "8f062eb16c5d",
    "discord.state.ConnectionState.parse_guild_update": "8df8075796ef",
    "discord.state.ConnectionState.parse_guild_delete": "4ff58f4c8073",
    "discord.gateway.GatewayRatelimiter.__init__": "e343cd1c4f7a",
    "discord.gateway.GatewayRatelimiter.block": "893965012c02",
    "discord.gateway.GatewayRatelimiter.get_delay": "4c013aa5dca4",
    "discord.gateway.GatewayRatelimiter.is_ratelimited": "db2490fa89b2",
    "discord.guild.Guild._from_data": "5e245614532c",
    "discord.guild.Guild._sync": "590f614ed1a2",
}
"""The beginning of the SHA-256 of each function whose inside the adapter knows."""


def test_release_is_the_one_that_was_read() -> None:
    assert discord.__version__ == VERSION


@pytest.mark.parametrize("ours", TAKEN_OVER, ids=lambda ours: ours.__name__)
def test_only_what_is_listed_is_taken_over(ours: type) -> None:
    parent = ours.__mro__[1]
    own = {name for name in vars(ours) if hasattr(parent, name) and not name.startswith("__")}
    assert own == TAKEN_OVER[ours]


@pytest.mark.parametrize("path", SOURCES)
def test_function_is_as_it_was_read(path: str) -> None:
    module, owner, name = path.rsplit(".", 2)
    source = inspect.getsource(getattr(getattr(import_module(module), owner), name))
    assert hashlib.sha256(source.encode()).hexdigest()[:12] == SOURCES[path]
