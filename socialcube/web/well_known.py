"""What browsers and search engines ask every site for."""

from typing import Final

from flask import Blueprint, Flask, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from socialcube.web import guard

blueprint: Final = Blueprint("well_known", __name__)

_DAY_SECONDS: Final = 86_400


@blueprint.get("/favicon.ico")
@guard.public
def icon() -> AnyResponse:
    """Lead to the mark: some browsers ask here first, whatever the page names."""
    return _kept(redirect(url_for("static", filename="mark.svg"), 301))


@blueprint.get("/robots.txt")
@guard.public
def robots() -> AnyResponse:
    """Ask search engines to leave the panel alone."""
    return _kept(Response("User-agent: *\nDisallow: /\n", mimetype="text/plain"))


def init_app(app: Flask) -> None:
    """Add the addresses."""
    app.register_blueprint(blueprint)


def _kept(response: AnyResponse) -> AnyResponse:
    response.cache_control.public = True
    response.cache_control.max_age = _DAY_SECONDS
    return response
