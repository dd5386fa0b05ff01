"""Asks the sandbox's control door for its bots, and for new ones, so that people can begin with them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import requests
from pydantic import BaseModel, TypeAdapter, ValidationError

from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import SANDBOX_KEY_HEADER, SandboxSettings

_TIMEOUT_SECONDS: Final = 5.0
_Answer = TypeVar("_Answer")


class SandboxAwayError(UnavailableError):
    """The sandbox at port {port} gave no usable answer: {reason}."""

    code = "sandbox_unavailable"
    remedy = "Start it with: python -m socialcube.sandbox"


class _Application(BaseModel):
    """An application as the door shows it.

    Attributes:
        id: its id there.
        token: its bot token, None when it has no bot.
    """

    id: int
    name: str
    token: str | None


class _Guild(BaseModel):
    """A guild as the door shows it."""

    id: int
    name: str


class _World(BaseModel):
    guilds: list[_Guild]


@dataclass(frozen=True, slots=True)
class SandboxBot:
    """A bot of the sandbox.

    Attributes:
        id: its id there.
        token: its bot token.
    """

    id: int
    name: str
    token: Secret


def list_bots(sandbox: SandboxSettings) -> list[SandboxBot]:
    """List the sandbox's bots.

    Raises:
        SandboxAwayError: it does not answer, or refuses the key.
    """
    found = _ask(sandbox, "GET", "/applications", TypeAdapter(list[_Application]))
    return [SandboxBot(item.id, item.name, Secret(item.token)) for item in found if item.token]


@dataclass(frozen=True, slots=True)
class SandboxGuild:
    """A server of the sandbox.

    Attributes:
        id: its id there.
    """

    id: int
    name: str


def list_guilds(sandbox: SandboxSettings) -> list[SandboxGuild]:
    """List the sandbox's servers.

    Raises:
        SandboxAwayError: it does not answer, or refuses the key.
    """
    found = _ask(sandbox, "GET", "/world", TypeAdapter(_World)).guilds
    return [SandboxGuild(guild.id, guild.name) for guild in found]


def add_to_guild(sandbox: SandboxSettings, application_id: int, guild_id: int) -> None:
    """Let a bot into a server, as somebody does on Discord's consent page.

    Raises:
        SandboxAwayError: it does not answer, or refuses the key, the bot or the server.
    """
    _ask(sandbox, "PUT", f"/applications/{application_id}/guilds/{guild_id}", TypeAdapter(object))


def create_bot(
    sandbox: SandboxSettings, name: str, *, guild_ids: Collection[int] | None = None
) -> tuple[SandboxBot, list[str]]:
    """Make an application with a bot.

    Args:
        sandbox: where.
        name: 1 to 32 characters.
        guild_ids: servers that it is in from the start; None means all of them.

    Returns:
        The bot, and the names of its servers.

    Raises:
        SandboxAwayError: it does not answer, or refuses the key or the name.
    """
    guilds = [guild for guild in list_guilds(sandbox) if guild_ids is None or guild.id in guild_ids]
    body = {"name": name, "guild_ids": [str(guild.id) for guild in guilds]}
    made = _ask(sandbox, "POST", "/applications", TypeAdapter(_Application), body)
    return SandboxBot(made.id, made.name, Secret(made.token or "")), [guild.name for guild in guilds]


def _ask(
    sandbox: SandboxSettings, method: str, path: str, shape: TypeAdapter[_Answer], body: Any = None
) -> _Answer:
    headers = {SANDBOX_KEY_HEADER: sandbox.control_key.reveal()}
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method,
                f"http://{sandbox.host}:{sandbox.port}/control{path}",
                headers=headers,
                json=body,
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            answer.raise_for_status()
        return shape.validate_json(answer.content)
    except (requests.RequestException, ValidationError) as error:
        raise SandboxAwayError(port=sandbox.port, reason=type(error).__name__) from error
