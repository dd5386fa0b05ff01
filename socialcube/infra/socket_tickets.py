"""Tickets that open one socket each: Redis keeps them for half a minute, and the first use burns them."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Final
from uuid import UUID

from redis.exceptions import RedisError

from socialcube.infra.breaker import Breaker
from socialcube.infra.redis_clients import request_client
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.secrets import Secret

LIFE_SECONDS: Final = 30
_TICKET_BYTES: Final = 32
_MAX_LENGTH: Final = 100


class TicketsAwayError(UnavailableError):
    """The live connection cannot be opened right now, because Redis does not answer."""

    code = "tickets_away"
    remedy = "The page asks again by itself; until then it fetches what is new every second."


class SocketTickets:
    """Issues tickets and takes each of them once.

    Args:
        url: the Redis-compatible server.
        namespace: keeps installations apart that share one server.
        clock: turns the breaker's pause.
    """

    def __init__(self, url: Secret, *, namespace: str, clock: Clock) -> None:
        self._client = request_client(url)
        self._namespace = namespace
        self._breaker = Breaker(clock)

    def issue(self, session_id: UUID) -> Secret:
        """Give a fresh ticket that is good for one connection of this session, within half a minute.

        Raises:
            TicketsAwayError: Redis does not answer.
        """
        ticket = secrets.token_urlsafe(_TICKET_BYTES)
        key = self._key(ticket)
        self._ask(lambda: self._client.set(key, str(session_id), ex=LIFE_SECONDS))
        return Secret(ticket)

    def take(self, ticket: str) -> UUID | None:
        """Burn a ticket and give the session it was issued to. None: it is unknown, used or too old.

        Raises:
            TicketsAwayError: Redis does not answer.
        """
        if not 0 < len(ticket) <= _MAX_LENGTH:
            return None
        found = self._ask(lambda: self._client.getdel(self._key(ticket)))
        return UUID(found.decode()) if isinstance(found, bytes) else None

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def _key(self, ticket: str) -> str:
        # Who can read Redis learns no ticket that is still good.
        return f"{self._namespace}:ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"

    def _ask(self, call: Callable[[], object]) -> object:
        if not self._breaker.allows():
            raise TicketsAwayError
        try:
            answer = call()
        except (RedisError, OSError) as error:
            self._breaker.failed()
            raise TicketsAwayError from error
        self._breaker.succeeded()
        return answer
