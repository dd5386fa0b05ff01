"""Answers to forms: a page again for browsers, JSON for the page's own scripts."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from socialcube.kernel.errors import ConflictError, InvalidInputError, SocialCubeError, UnavailableError
from socialcube.web.paths import wants_json

_Given = ParamSpec("_Given")
_View = Callable[_Given, ResponseReturnValue]


def done(message: str, url: str) -> ResponseReturnValue:
    """Say that it worked: a script reads `message` and `url`, a form lands on the address."""
    if wants_json():
        return jsonify(message=message, url=url)
    if message:
        flash(message, "success")
    return redirect(url, 303)


def back_to(endpoint: str) -> Callable[[_View[_Given]], _View[_Given]]:
    """Let a refused form land on a page again, with the reason. A script gets the error itself.

    Args:
        endpoint: of the page; it takes the arguments of the view in its address.
    """

    def decorate(view: _View[_Given]) -> _View[_Given]:
        @wraps(view)
        def answered(*args: _Given.args, **kwargs: _Given.kwargs) -> ResponseReturnValue:
            try:
                return view(*args, **kwargs)
            except (InvalidInputError, ConflictError, UnavailableError) as error:
                return refused(error, _address(endpoint, kwargs))

        return answered

    return decorate


def refused(error: SocialCubeError, url: str) -> ResponseReturnValue:
    """Let a form land on an address with the reason; a script gets the error itself.

    Raises:
        SocialCubeError: the error, for a script.
    """
    if wants_json():
        raise error
    flash(f"{error.message} {error.remedy}".strip(), "error")
    return redirect(url, 303)


def _address(endpoint: str, values: Mapping[str, Any]) -> str:
    return url_for(endpoint, **values)
