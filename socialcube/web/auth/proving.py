"""Proving again who one is: what stands between Discord's answer and a renewed session.

Discord leads back from another site, so only the session's `Lax` cookie comes along. Its answer is therefore
kept for a moment as a proof, under a name that takes the browser's `Strict` cookie to say, and a form of our
own page makes it count. Whoever leads a browser to Discord and back from elsewhere renews nothing; the way of
signing in is shut to a browser in which somebody is signed in.
"""

from hashlib import sha256

from flask import request
from werkzeug.wrappers import Response

from socialcube.domain.accounts import service
from socialcube.domain.accounts.types import Profile
from socialcube.infra.session_cache import Shelf
from socialcube.kernel.secrets import Secret
from socialcube.web import found_servers, identity
from socialcube.web.auth.attempts import Attempt
from socialcube.web.auth.cookies import Cookie, make_token, proof_cookie_for, read_token
from socialcube.web.auth.errors import AnotherPersonError, UnknownAttemptError
from socialcube.web.context import services, settings
from socialcube.web.paths import local_path

_LIFE_SECONDS = 900


def name_of_proof() -> str | None:
    """Give the name under which a proof of this browser's session is kept, or None without its cookie."""
    token = read_token(request.cookies.get(_cookie().name))
    if token is None:
        return None
    return sha256(f"{identity.person().session.id}:{token.reveal()}".encode()).hexdigest()


def give_cookie(response: Response) -> None:
    """Let a browser begin, unless it began in another tab already."""
    if read_token(request.cookies.get(_cookie().name)) is None:
        _cookie().set(response, make_token(), _LIFE_SECONDS)


def take_cookie(response: Response) -> None:
    """Take from the browser what is used up."""
    _cookie().delete(response)


def keep(attempt: Attempt, profile: Profile) -> None:
    """Keep Discord's answer until our own page makes it count.

    Raises:
        UnauthenticatedError: nobody is signed in any more.
        AnotherPersonError: somebody else answered. That is written down.
        SignInAwayError: Redis does not answer.
    """
    _require_same(profile)
    services().cache.put(Shelf.PROOF, Secret(attempt.proof), {"next": attempt.next})


def keep_servers(profile: Profile, external_ids: list[int]) -> None:
    """Remember for this browser which servers Discord listed as the person's to manage.

    Raises:
        UnauthenticatedError: nobody is signed in any more.
        AnotherPersonError: somebody else answered. That is written down.
    """
    _require_same(profile)
    found_servers.keep(external_ids)


def take() -> str:
    """Use up the proof of this browser's session. Gives where the person wanted to go.

    Raises:
        UnknownAttemptError: there is none.
        SignInAwayError: Redis does not answer.
    """
    name = name_of_proof()
    document = None if name is None else services().cache.take(Shelf.PROOF, Secret(name))
    if document is None:
        raise UnknownAttemptError
    wanted = document.get("next")
    return local_path(wanted if isinstance(wanted, str) else None) or "/"


def _require_same(profile: Profile) -> None:
    person = identity.person()
    if profile.external_id != person.view.external_id:
        with services().unit_of_work() as uow:
            service.note_refused_proof(uow, person.actor, person.view.id, "Discord")
            uow.commit()
        raise AnotherPersonError(name=person.view.display_name)


def _cookie() -> Cookie:
    return proof_cookie_for(settings().web.public_url)
