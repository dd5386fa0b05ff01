"""How often the doors may be tried."""

from typing import Final

from flask import request

from socialcube.infra.rate_limits import Limit, origin_of
from socialcube.web.context import services
from socialcube.web.identity import person

START: Final = Limit("sign-in", tries=30, minutes=10)
CALLBACK: Final = Limit("callback", tries=30, minutes=10)
SETUP_BY_ADDRESS: Final = Limit("setup-address", tries=10, minutes=10)
SETUP_BY_PERSON: Final = Limit("setup-person", tries=5, minutes=10)
KEYS: Final = Limit("api-keys-made", tries=20, minutes=10)
LINK: Final = Limit("login-link", tries=10, minutes=10)
TOKENS: Final = Limit("tokens", tries=20, minutes=10)
"""Each pasted token is a question to Discord, which shuts out an address that asks with many wrong ones."""

TICKETS: Final = Limit("tickets", tries=600, minutes=10)
"""A page takes one when it opens, and one for each new connection: room for twenty tabs on a bad network."""

QUESTIONS: Final = Limit("questions", tries=120, minutes=10)
"""Work for a runner or a worker: trying a command, looking elsewhere, asking Discord."""

FILES: Final = Limit("files", tries=20, minutes=10)
"""Exports, each of which reads a log through."""


def by_address(limit: Limit) -> None:
    """Count a try from the address of this request.

    Raises:
        TooManyTriesError: it is one too many.
        SignInAwayError: nobody can tell, so nobody may.
    """
    services().limits.note(limit, origin_of(request.remote_addr or ""))


def by_person(limit: Limit) -> None:
    """Count a try of the person who is signed in. Raises as `by_address` does."""
    services().limits.note(limit, str(person().view.id))


def politely(limit: Limit) -> None:
    """Count what somebody asks for who is signed in; it goes on while Redis is away.

    Raises:
        TooManyTriesError: it is one too many.
    """
    services().limits.note_anyway(limit, str(person().view.id))
