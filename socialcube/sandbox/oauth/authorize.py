"""The consent page: checks who asks, lets a demo person answer, and sends them back."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from socialcube.sandbox.errors import UnknownApplicationError
from socialcube.sandbox.keys import PARTS
from socialcube.sandbox.oauth import page
from socialcube.sandbox.oauth.form import read_form
from socialcube.sandbox.oauth.grants import Request
from socialcube.sandbox.world.records import Application
from socialcube.sandbox.world.world import World

_WRONG_ADDRESS: Final = (
    "The address to return to is not one that the application registered.",
    "Register exactly this redirect URI for the application, then start the sign-in again.",
)
_UNKNOWN_CLIENT: Final = (
    "No application with this client id is known here.",
    "Check DISCORD_CLIENT_ID, then start the sign-in again.",
)
_STALE: Final = (
    "This page was used already, or it is older than ten minutes.",
    "Start the sign-in again.",
)
_UNKNOWN_PERSON: Final = ("There is no such person in the sandbox.", "Start the sign-in again.")
_CHALLENGE_LENGTH: Final = 43


async def ask(request: web.Request) -> web.StreamResponse:
    """Show the consent page. Nobody is sent anywhere before client and address are known to be right."""
    parts, query = request.app[PARTS], request.query
    application = _find_client(parts.world, query.get("client_id", ""))
    if application is None:
        return _refused(*_UNKNOWN_CLIENT)
    redirect_uri = query.get("redirect_uri", "")
    if redirect_uri not in application.redirect_uris:
        return _refused(*_WRONG_ADDRESS)
    problem = _problem(query)
    if problem:
        return _back(redirect_uri, {"error": problem, "state": query.get("state", "")})
    scopes = tuple(dict.fromkeys(query.get("scope", "").split()))
    challenge = query.get("code_challenge", "")
    asked = Request(application.id, redirect_uri, scopes, query.get("state", ""), challenge)
    people = parts.world.guilds.list_people()
    text = page.consent(application, scopes, people, parts.grants.ask(asked))
    return _page(text, returns_to=redirect_uri)


async def answer(request: web.Request) -> web.StreamResponse:
    """Take a person's answer and send them back with a code, or with the refusal."""
    parts, form = request.app[PARTS], await read_form(request)
    asked = parts.grants.answer(form.get("ticket", ""))
    if asked is None:
        return _refused(*_STALE)
    person = form.get("person", "")
    if not person:
        return _back(asked.redirect_uri, {"error": "access_denied", "state": asked.state})
    user_id = next((user.id for user in parts.world.guilds.list_people() if str(user.id) == person), None)
    if user_id is None:
        return _refused(*_UNKNOWN_PERSON)
    return _back(asked.redirect_uri, {"code": parts.grants.allow(asked, user_id), "state": asked.state})


async def style(_request: web.Request) -> web.StreamResponse:
    """Give the style sheet of these pages."""
    return web.Response(text=page.STYLE, content_type="text/css")


def _find_client(world: World, client_id: str) -> Application | None:
    try:
        return world.applications.get(int(client_id)) if client_id.isdecimal() else None
    except (UnknownApplicationError, ValueError):
        return None


def _problem(query: Mapping[str, str]) -> str:
    """Give the OAuth2 error of a request (RFC 6749, section 4.1.2.1), or nothing."""
    scopes = query.get("scope", "").split()
    if query.get("response_type") != "code":
        return "unsupported_response_type"
    if not scopes or not set(scopes) <= page.SCOPES.keys():
        return "invalid_scope"
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    if challenge is None and method is None:
        return ""
    fits = method == "S256" and challenge is not None and len(challenge) == _CHALLENGE_LENGTH
    return "" if fits else "invalid_request"


def _back(redirect_uri: str, answer: dict[str, str]) -> web.Response:
    given = urlencode({name: value for name, value in answer.items() if value})
    joint = "&" if urlsplit(redirect_uri).query else "?"
    return web.Response(status=302, headers={"Location": f"{redirect_uri}{joint}{given}"})


def _refused(reason: str, remedy: str) -> web.Response:
    return _page(page.refusal(reason, remedy), status=400)


def _page(text: str, *, status: int = 200, returns_to: str = "") -> web.Response:
    """Give a page. `form-action` names where the answer goes: browsers hold a form's redirect to it."""
    parts = urlsplit(returns_to)
    target = f" {parts.scheme}://{parts.netloc}" if returns_to else ""
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self'{target}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
