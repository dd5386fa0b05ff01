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
LINK: Final = Limit("login-link", tries=10, minutes=10)


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
