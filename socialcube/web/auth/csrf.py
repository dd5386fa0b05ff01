"""A cookie is honoured for a change only together with a token that no other site can know."""

from typing import Final, NoReturn

from flask import Flask, abort
from flask_wtf import CSRFProtect

from socialcube.web.auth import stale
from socialcube.web.auth.errors import StaleFormError

UNSAFE_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Protection(CSRFProtect):  # type: ignore[misc] # Flask-WTF ships no types
    """Flask-WTF's protection with our words."""

    def _error_response(self, reason: str) -> NoReturn:
        error = StaleFormError(reason=reason)
        if stale.can_offer():
            # A finished answer passes by the pages that blueprints have for failures of their own.
            abort(stale.give_back(error))
        raise error


def init_app(app: Flask) -> None:
    """Check every request that may change something."""
    app.config.update(
        WTF_CSRF_METHODS=UNSAFE_METHODS,
        # The token lives as long as the session: a form may stay open over lunch.
        WTF_CSRF_TIME_LIMIT=None,
    )
    Protection(app)
