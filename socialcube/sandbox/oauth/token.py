"""Trades codes and refresh tokens for access tokens, and ends them."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote_plus

from aiohttp import web

from socialcube.sandbox.errors import UnknownApplicationError
from socialcube.sandbox.keys import PARTS
from socialcube.sandbox.oauth.form import read_form
from socialcube.sandbox.oauth.grants import TOKEN_SECONDS, Grant, InvalidGrantError
from socialcube.sandbox.parts import Parts
from socialcube.sandbox.rest.answers import json_answer
from socialcube.sandbox.world import tokens
from socialcube.sandbox.world.records import Application

Form = Mapping[str, str]


async def token(request: web.Request) -> web.StreamResponse:
    """Answer the token endpoint (RFC 6749, sections 4.1.3 and 6)."""
    parts, form = request.app[PARTS], await read_form(request)
    application = _client(parts, form, request.headers.get("Authorization", ""))
    response = _traded(parts, application, form)
    _note(parts, request, application, response)
    return response


def _traded(parts: Parts, application: Application | None, form: Form) -> web.Response:
    if application is None:
        return json_answer({"error": "invalid_client"}, 401)
    try:
        grant = _granted(parts, application, form)
    except InvalidGrantError as error:
        return json_answer({"error": "invalid_grant", "error_description": error.message}, 400)
    if grant is None:
        return json_answer({"error": "unsupported_grant_type"}, 400)
    return json_answer(
        {
            "token_type": "Bearer",
            "access_token": grant.access_token,
            "expires_in": int(TOKEN_SECONDS),
            "refresh_token": grant.refresh_token,
            "scope": " ".join(grant.scopes),
        },
        headers={"Cache-Control": "no-store"},
    )


async def revoke(request: web.Request) -> web.StreamResponse:
    """Answer the revocation endpoint (RFC 7009)."""
    parts, form = request.app[PARTS], await read_form(request)
    application = _client(parts, form, request.headers.get("Authorization", ""))
    if application is not None:
        parts.grants.revoke(application.id, form.get("token", ""))
    response = json_answer({}) if application else json_answer({"error": "invalid_client"}, 401)
    _note(parts, request, application, response)
    return response


def _note(
    parts: Parts, request: web.Request, application: Application | None, response: web.Response
) -> None:
    """Let the witness see that a call was made; its form is all secrets, so it is left out."""
    client_id = application.id if application else None
    entry = parts.witness.note(
        "rest", application_id=client_id, token="", path=request.path_qs, method=request.method
    )
    entry.route = request.path
    parts.witness.finish(entry, response.status)


def _granted(parts: Parts, application: Application, form: Form) -> Grant | None:
    kind = form.get("grant_type")
    if kind == "authorization_code":
        code, address = form.get("code", ""), form.get("redirect_uri", "")
        return parts.grants.redeem(application.id, code, address, form.get("code_verifier", ""))
    if kind == "refresh_token":
        return parts.grants.refresh(application.id, form.get("refresh_token", ""))
    return None


def _client(parts: Parts, form: Form, header: str) -> Application | None:
    """Give the application that proved itself, by HTTP Basic or in the form, or None."""
    client_id, secret = _basic(header) or (form.get("client_id", ""), form.get("client_secret", ""))
    try:
        application = parts.world.applications.get(int(client_id))
    except (ValueError, UnknownApplicationError):
        return None
    return application if tokens.is_same(secret, application.secret) else None


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    # Both parts are form-encoded before they are joined (RFC 6749, section 2.3.1).
    return unquote_plus(name), unquote_plus(secret)
