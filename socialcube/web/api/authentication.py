"""From the header of a request to the program that sent it."""

import logging
import re
from dataclasses import replace
from typing import Final

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from socialcube.domain.api_keys import service
from socialcube.domain.api_keys.errors import (
    KeyInAddressError,
    KeyMalformedError,
    KeyMissingError,
    KeyUnknownError,
)
from socialcube.domain.api_keys.types import Proof
from socialcube.infra.rate_limits import Limit, origin_of
from socialcube.infra.session_cache import SignInAwayError
from socialcube.kernel.errors import UnavailableError
from socialcube.web.context import request_id, services
from socialcube.web.identity import Program

WRONG_KEYS: Final = Limit("api-key", tries=30, minutes=1)
"""Wrong keys from one place. A right one passes all the same: a neighbour's mistake locks nobody out."""

_MAX_HEADER: Final = 200
_BEARER: Final = re.compile("bearer +", re.IGNORECASE | re.ASCII)
_KEY_LIKE: Final = re.compile(r"sc_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}")
_log: Final = logging.getLogger(__name__)


class KeyCheckAwayError(UnavailableError):
    """Keys cannot be checked right now, because Redis does not answer."""

    code = "key_check_away"
    remedy = "Try again in a minute. Keys that are right go on working."


def authenticate() -> Program:
    """Check the key of the request at hand.

    Raises:
        KeyInAddressError: it stood in the address.
        UnauthenticatedError: there is none, or it does not open anything; the classes say which.
        TooManyTriesError: too many wrong ones came from there.
        KeyCheckAwayError: it is wrong, and nobody can count how many were.
    """
    _refuse_in_address()
    proof = _verify(_read_header())
    address = request.remote_addr or ""
    _note_use(proof, address)
    actor = replace(proof.record.actor, request_id=request_id(), address=address)
    return Program(proof.record.view, actor)


def _read_header() -> str:
    """Give the key of the header `Authorization: Bearer …`. Two such headers arrive as one with a comma."""
    header = request.headers.get("Authorization", "")
    if not header:
        raise KeyMissingError
    found = _BEARER.match(header)
    if found is None or len(header) > _MAX_HEADER:
        raise KeyMalformedError
    return header[found.end() :]


def _refuse_in_address() -> None:
    # The query is looked at as it came: whatever its names are, a key in it is a key in a log.
    raw = f"{request.path}?{request.query_string.decode('ascii', 'replace')}"
    if _KEY_LIKE.search(raw):
        raise KeyInAddressError(where="its path or its query")


def _verify(key: str) -> Proof:
    try:
        return services().keys.verify(key)
    except KeyUnknownError:
        try:
            services().limits.note(WRONG_KEYS, origin_of(request.remote_addr or ""))
        except SignInAwayError as error:
            raise KeyCheckAwayError from error
        raise


def _note_use(proof: Proof, address: str) -> None:
    """Keep that the key is used, once a minute and from each new place."""
    parts, place = services(), origin_of(address)
    if not service.is_worth_noting(proof, place, parts.shared.clock.now()):
        return
    try:
        with parts.shared.unit_of_work() as uow:
            service.note_use(uow, proof, place=place, address=address, request_id=request_id())
            uow.commit()
    except SQLAlchemyError as error:
        # The key is right; what is lost is when and from where it was used.
        _log.warning("the use of a key was not noted: %s", type(error).__name__)
    else:
        parts.keys.forget(proof.record.view.public_id)
