"""From Discord's code to the person it stands for. Tokens of theirs are used here, once, and end here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import requests
from flask_dance.consumer.requests import OAuth2Session
from oauthlib.oauth2 import InvalidClientError, OAuth2Error, UnauthorizedClientError
from pydantic import BaseModel, TypeAdapter, ValidationError

from socialcube.domain.accounts.types import Profile
from socialcube.kernel.secrets import Secret
from socialcube.web.auth.errors import ClientRefusedError, DiscordAwayError, DiscordRefusedError

_log: Final = logging.getLogger(__name__)

_TIMEOUT_SECONDS: Final = (3.0, 5.0)
_OK: Final = 200
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
# Discord docs, "Permissions" > "Bitwise Permission Flags".
_ADMINISTRATOR: Final = 1 << 3
_MANAGE_GUILD: Final = 1 << 5

_Answer = TypeVar("_Answer")


class _User(BaseModel):
    """The part of a User object that we read."""

    id: int
    username: str
    global_name: str | None = None
    avatar: str | None = None


class _Server(BaseModel):
    """The part of a partial Guild object that we read (Discord docs, "Get Current User Guilds")."""

    id: int
    owner: bool = False
    permissions: int = 0

    @property
    def is_managed(self) -> bool:
        return self.owner or bool(self.permissions & (_ADMINISTRATOR | _MANAGE_GUILD))


_SERVERS: Final = TypeAdapter(list[_Server])


@dataclass(frozen=True, slots=True)
class Trade:
    """What it takes to trade a code.

    Attributes:
        code: as it came with the browser.
        verifier: of the attempt that the code belongs to.
        token_url: Discord's token endpoint; `/revoke` below it takes tokens back.
        client_secret: proves who asks.
    """

    code: str
    verifier: Secret
    token_url: str
    client_secret: Secret


def find_profile(client: OAuth2Session, trade: Trade) -> Profile:
    """Trade a code for a token, ask who it is, and hand the token back.

    Args:
        client: of this request.
        trade: what is traded.

    Raises:
        DiscordRefusedError: the code is wrong, used or too old.
        ClientRefusedError: Discord does not accept our client id, secret or redirect address.
        DiscordAwayError: no usable answer came.
    """
    return _ask_once(client, trade, _ask_who)


def find_managed_servers(client: OAuth2Session, trade: Trade) -> tuple[Profile, list[int]]:
    """Ask who it is and which servers that person may manage, by Discord's ids. Raises as `find_profile`."""
    return _ask_once(client, trade, lambda client: (_ask_who(client), _ask_servers(client)))


def _ask_once(client: OAuth2Session, trade: Trade, ask: Callable[[OAuth2Session], _Answer]) -> _Answer:
    client.register_compliance_hook("access_token_response", _require_answer)
    try:
        token = client.fetch_token(
            trade.token_url,
            code=trade.code,
            client_secret=trade.client_secret.reveal(),
            code_verifier=trade.verifier.reveal(),
            timeout=_TIMEOUT_SECONDS,
        )
    except (InvalidClientError, UnauthorizedClientError) as error:
        _log.error("Discord refused our client id or secret: %s", error.error)
        raise ClientRefusedError from error
    except OAuth2Error as error:
        raise DiscordRefusedError from error
    except (requests.RequestException, ValueError, Warning) as error:
        raise DiscordAwayError from error
    try:
        return ask(client)
    finally:
        _give_back(client, trade, token)


def _require_answer(response: requests.Response) -> requests.Response:
    """Tell an answer about the code from one about Discord's own health."""
    if response.status_code == _TOO_MANY or response.status_code >= _SERVER_ERROR:
        raise DiscordAwayError
    return response


def _ask_who(client: OAuth2Session) -> Profile:
    try:
        response = client.get("users/@me", timeout=_TIMEOUT_SECONDS)
        if response.status_code != _OK:
            raise DiscordAwayError
        user = _User.model_validate_json(response.content)
    except (requests.RequestException, OAuth2Error, ValidationError) as error:
        raise DiscordAwayError from error
    return Profile(user.id, user.username, user.global_name or "", user.avatar)


def _ask_servers(client: OAuth2Session) -> list[int]:
    # A person is in 200 servers at most, and that is what one page holds.
    try:
        response = client.get("users/@me/guilds", timeout=_TIMEOUT_SECONDS)
        if response.status_code != _OK:
            raise DiscordAwayError
        servers = _SERVERS.validate_json(response.content)
    except (requests.RequestException, OAuth2Error, ValidationError) as error:
        raise DiscordAwayError from error
    return [server.id for server in servers if server.is_managed]


def _give_back(client: OAuth2Session, trade: Trade, token: dict[str, Any]) -> None:
    """End the token at Discord, and forget it. Both its halves end together (RFC 7009, section 2.1)."""
    given = str(token.get("access_token", ""))
    client.token = {}
    try:
        response = client.post(
            f"{trade.token_url}/revoke",
            data={"token": given},
            auth=requests.auth.HTTPBasicAuth(client.client_id, trade.client_secret.reveal()),
            timeout=_TIMEOUT_SECONDS,
            withhold_token=True,
        )
    except (requests.RequestException, OAuth2Error) as error:
        _log.warning("a person's token was not revoked: %s", type(error).__name__)
        return
    if response.status_code != _OK:
        _log.warning("a person's token was not revoked: status %s", response.status_code)
