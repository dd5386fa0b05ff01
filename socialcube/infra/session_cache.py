"""What the web remembers for a short time only: visitors, sign-ins under way, fresh proofs."""

import json
from enum import StrEnum
from hashlib import sha256
from typing import Final

from redis.exceptions import RedisError

from socialcube.infra.breaker import Breaker
from socialcube.infra.redis_clients import request_client
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.secrets import Secret

MAX_BYTES: Final = 16_384
"""A document is never larger; whatever else lies there is not ours."""


class Shelf(StrEnum):
    """What a document is about, and so how long it is kept."""

    VISITOR = "visitor"
    ATTEMPT = "attempt"
    PROOF = "proof"


LIFE_SECONDS: Final = {Shelf.VISITOR: 3600, Shelf.ATTEMPT: 600, Shelf.PROOF: 300}


class SignInAwayError(UnavailableError):
    """Signing in is not possible right now, because Redis does not answer."""

    code = "sign_in_away"
    remedy = "Try again in a minute. Who is signed in already can go on working."


class SessionCache:
    """Keeps small JSON documents under names that only their owner knows.

    Nothing else is ever read from there: bytes of any other kind count as absent.

    Args:
        url: the Redis-compatible server.
        namespace: keeps installations apart that share one server.
        clock: turns the breaker's pause.
    """

    def __init__(self, url: Secret, *, namespace: str, clock: Clock) -> None:
        self._client = request_client(url)
        self._namespace = namespace
        self._breaker = Breaker(clock)

    def put(self, shelf: Shelf, name: Secret, document: dict[str, object]) -> None:
        """Keep a document for as long as its shelf says.

        Raises:
            SignInAwayError: Redis does not answer.
        """
        self._ask("SET", self._key(shelf, name), json.dumps(document), "EX", LIFE_SECONDS[shelf])

    def find(self, shelf: Shelf, name: Secret) -> dict[str, object] | None:
        """Find a document.

        Raises:
            SignInAwayError: Redis does not answer.
        """
        return read_document(self._ask("GET", self._key(shelf, name)))

    def take(self, shelf: Shelf, name: Secret) -> dict[str, object] | None:
        """Find a document and remove it in the same step: of several who take it, one gets it.

        Raises:
            SignInAwayError: Redis does not answer.
        """
        return read_document(self._ask("GETDEL", self._key(shelf, name)))

    def drop(self, shelf: Shelf, name: Secret) -> None:
        """Forget a document.

        Raises:
            SignInAwayError: Redis does not answer.
        """
        self._ask("DEL", self._key(shelf, name))

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def _key(self, shelf: Shelf, name: Secret) -> str:
        # Who can read Redis learns no name that still opens something.
        return f"{self._namespace}:{shelf}:{sha256(name.reveal().encode()).hexdigest()}"

    def _ask(self, *words: str | int) -> object:
        if not self._breaker.allows():
            raise SignInAwayError
        try:
            answer: object = self._client.execute_command(*words)  # type: ignore[no-untyped-call] # redis-py has no types
        except (RedisError, OSError) as error:
            self._breaker.failed()
            raise SignInAwayError from error
        self._breaker.succeeded()
        return answer


def read_document(stored: object) -> dict[str, object] | None:
    """Read what was stored, or give None for anything that we cannot have written."""
    if not isinstance(stored, bytes) or len(stored) > MAX_BYTES:
        return None
    try:
        document = json.loads(stored)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
