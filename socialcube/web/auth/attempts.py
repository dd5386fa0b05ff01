"""A sign-in between leaving for Discord and coming back. Each tab has its own, good for one return."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from socialcube.infra.session_cache import Shelf
from socialcube.kernel.secrets import Secret
from socialcube.web.auth import sessions
from socialcube.web.auth.entering import BROWSER
from socialcube.web.context import services
from socialcube.web.paths import local_path

_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Attempt:
    """What must fit when a browser comes back.

    Attributes:
        state: goes to Discord and comes back (RFC 6749, section 10.12).
        verifier: stays here until the code is traded (RFC 7636).
        next: where the person wanted to go, a path of ours.
        proof: of an attempt to prove again who one is: the name of the proof. Empty for a sign-in.
        finds_servers: whether somebody who is signed in wants to find the servers that they manage.
    """

    state: Secret
    verifier: Secret
    next: str
    proof: str = ""
    finds_servers: bool = False

    @property
    def challenge(self) -> str:
        """Give what Discord is told of the verifier (RFC 7636, section 4.2, S256)."""
        digest = sha256(self.verifier.reveal().encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def begin(wanted: str | None, *, proof: str = "", finds_servers: bool = False) -> Attempt:
    """Begin a sign-in in this browser, or what else of who is signed in only Discord can say.

    Raises:
        SignInAwayError: it could not be remembered.
    """
    attempt = Attempt(_random(), _random(), local_path(wanted) or "/", proof, finds_servers)
    session = sessions.current()
    if BROWSER not in session:
        session[BROWSER] = secrets.token_hex(16)
    if session.kept.row is None:
        sessions.keep_visitor(session)
    document: dict[str, object] = {
        "verifier": attempt.verifier.reveal(),
        "next": attempt.next,
        "proof": attempt.proof,
        "finds_servers": attempt.finds_servers,
    }
    services().cache.put(Shelf.ATTEMPT, _name(session[BROWSER], attempt.state), document)
    return attempt


def take(state: str) -> Attempt | None:
    """Find the sign-in that this browser began with a state, and use it up.

    Raises:
        SignInAwayError: Redis does not answer.
    """
    browser = sessions.current().get(BROWSER)
    if not state or not isinstance(browser, str):
        return None
    document = services().cache.take(Shelf.ATTEMPT, _name(browser, Secret(state)))
    if document is None:
        return None
    verifier, wanted, proof = (document.get(name) for name in ("verifier", "next", "proof"))
    if not isinstance(verifier, str) or not isinstance(wanted, str) or not isinstance(proof, str):
        return None
    finds_servers = document.get("finds_servers") is True
    return Attempt(Secret(state), Secret(verifier), local_path(wanted) or "/", proof, finds_servers)


def _name(browser: str, state: Secret) -> Secret:
    return Secret(f"{browser}:{state.reveal()}")


def _random() -> Secret:
    return Secret(secrets.token_urlsafe(_RANDOM_BYTES))
