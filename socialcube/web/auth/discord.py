"""Signing in with Discord, on Flask-Dance.

Flask-Dance 7.1 keeps one OAuth session and the PKCE verifier on the blueprint, which all requests of a
process share; it answers 500 to a state that does not fit, and writes secrets to its log at DEBUG
(flask_dance/consumer/oauth2.py). So both views are ours, and what it brings is the client.
"""

from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import g, redirect, render_template, request, url_for
from flask_dance.consumer import OAuth2ConsumerBlueprint
from flask_dance.consumer.requests import OAuth2Session
from flask_dance.consumer.storage import NullStorage
from werkzeug.wrappers import Response

from socialcube import USER_AGENT
from socialcube.domain.accounts import service
from socialcube.domain.accounts.types import Profile
from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import DiscordSettings
from socialcube.web import guard, identity
from socialcube.web.auth import attempts, entering, limits, pages, problems, proving, trading
from socialcube.web.auth.errors import (
    AnotherPersonError,
    ConsentDeniedError,
    NotConfiguredError,
    ServersNotShownError,
    UnknownAttemptError,
)
from socialcube.web.context import request_id, services, settings
from socialcube.web.paths import local_path

SCOPES: Final = ["identify"]
WIDER_SCOPES: Final = [*SCOPES, "guilds"]
"""Asked for by who wants to find the servers that they manage, and by nobody else."""

CALLBACK_PATH: Final = "/login/discord/authorized"

_OAUTH: Final = "discord_oauth"
_MOVED: Final = "moved"


class DiscordSignIn(OAuth2ConsumerBlueprint):  # type: ignore[misc] # Flask-Dance ships no types
    """The two addresses at which Discord's consent begins and ends."""

    @property
    def session(self) -> OAuth2Session:
        """Give the client of this very request."""
        if _OAUTH not in g:
            made = OAuth2Session(
                client_id=self._client_id,
                scope=self.scope,
                blueprint=self,
                base_url=self.base_url,
                redirect_uri=settings().web.public_url + CALLBACK_PATH,
            )
            # Neither a proxy nor a .netrc of this machine may see or replace the secret.
            made.trust_env = False
            made.max_redirects = 0
            made.headers["User-Agent"] = USER_AGENT
            g.discord_oauth = made
        return g.discord_oauth

    def teardown_session(self, exception: BaseException | None = None) -> None:
        """Do nothing: the client ends with its request."""

    @guard.public
    def login(self) -> Response:
        """Send the browser to Discord's consent page, unless somebody is signed in there already.

        Any page can lead a browser here, and Discord passes over a consent that it was given before. So
        this door never counts as a fresh proof of who is signed in; `prove` is the one that does.
        """
        limits.by_address(limits.START)
        wanted = request.args.get("next")
        if identity.find_person() is not None:
            return redirect(local_path(wanted) or url_for("auth.front"))
        if not settings().discord.client_id:
            raise NotConfiguredError
        if _is_under_another_name() and _MOVED not in request.args:
            return _go_to_public_name()
        return redirect(self.leave(attempts.begin(wanted)))

    @guard.signed_in
    def prove(self) -> Response:
        """Send who is signed in to the consent page again, from our own page only."""
        limits.by_address(limits.START)
        wanted = request.args.get("next")
        if _is_under_another_name() and _MOVED not in request.args:
            # There the browser may be nobody yet, and then it signs in first, which is recent as well.
            return _go_to_public_name()
        proof = proving.name_of_proof()
        if proof is None:
            return redirect(url_for("again.prove", next=wanted))
        # Discord would pass over a consent that was given once; here somebody must be there to give it.
        return redirect(self.leave(attempts.begin(wanted, proof=proof), prompt="consent"))

    @guard.signed_in
    def find_servers(self) -> Response:
        """Send who is signed in to a consent page that also asks for the list of their servers."""
        limits.by_address(limits.START)
        if not settings().discord.client_id:
            raise NotConfiguredError
        if _is_under_another_name():
            return redirect(f"{settings().web.public_url}/manage/")
        self.session.scope = WIDER_SCOPES
        return redirect(self.leave(attempts.begin("/manage/", finds_servers=True)))

    def leave(self, attempt: attempts.Attempt, **more: str) -> str:
        """Give the address of Discord's consent page."""
        url, _ = self.session.authorization_url(
            self.authorization_url,
            state=attempt.state.reveal(),
            code_challenge=attempt.challenge,
            code_challenge_method="S256",
            **more,
        )
        return str(url)

    @guard.public
    def authorized(self) -> Response | str:
        """Take the browser back, ask Discord who it is, and let that person in if nobody is signed in."""
        limits.by_address(limits.CALLBACK)
        attempt = attempts.take(request.args.get("state", ""))
        if attempt is None:
            raise UnknownAttemptError
        code = request.args.get("code", "")
        if "error" in request.args or not code:
            raise ServersNotShownError if attempt.finds_servers else ConsentDeniedError
        trade = trading.Trade(code, attempt.verifier, self.token_url, Secret(self.client_secret))
        if attempt.finds_servers:
            self.session.scope = WIDER_SCOPES
            proving.keep_servers(*trading.find_managed_servers(self.session, trade))
            return redirect(attempt.next)
        profile = trading.find_profile(self.session, trade)
        if attempt.proof:
            proving.keep(attempt, profile)
            return render_template("auth/proved.html", **pages.place())
        person = identity.find_person()
        if person is None:
            _let_in(profile)
        elif person.view.external_id != profile.external_id:
            raise AnotherPersonError(name=person.view.display_name)
        # Whoever signed in meanwhile, in another tab, goes on in that session as old as it is.
        return redirect(attempt.next)


def make_blueprint(discord: DiscordSettings) -> DiscordSignIn:
    """Make the doors for a Discord."""
    blueprint = DiscordSignIn(
        "discord",
        __name__,
        url_prefix="/login",
        client_id=discord.client_id,
        client_secret=discord.client_secret.reveal(),
        scope=SCOPES,
        base_url=discord.api_base_url + "/",
        authorization_url=discord.authorize_url,
        token_url=discord.token_url,
        storage=NullStorage(),
    )
    blueprint.add_url_rule("/again/discord", "prove", blueprint.prove)
    blueprint.add_url_rule("/discord/servers", "find_servers", blueprint.find_servers)
    blueprint.register_error_handler(SocialCubeError, problems.show)
    return blueprint


def _let_in(profile: Profile) -> None:
    with services().unit_of_work() as uow:
        user = service.sign_in(
            uow,
            profile,
            admin_ids=settings().admin_ids,
            address=request.remote_addr or "",
            request_id=request_id(),
        )
        token, row = entering.open_session(uow, user.id)
        uow.commit()
    entering.enter(token, row)


def _is_under_another_name() -> bool:
    return request.host.lower() != urlsplit(settings().web.public_url).netloc.lower()


def _go_to_public_name() -> Response:
    """Ask for the same there: cookies belong to the name in the address bar, where Discord leads back to."""
    query = urlencode({"next": request.args.get("next") or "/", _MOVED: 1})
    return redirect(f"{settings().web.public_url}{request.path}?{query}")
