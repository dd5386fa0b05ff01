"""The API for programs, `/api/v1`: an API key in each request, JSON in each answer, no cookie anywhere."""

from flask import Flask

from socialcube.web.api import blueprint, reference, views


def init_app(app: Flask) -> None:
    """Open the API and the pages that describe it."""
    views.load()
    app.register_blueprint(blueprint.v1)
    app.register_blueprint(reference.blueprint)
    # The protection is for cookies, and none counts here.
    app.extensions["csrf"].exempt(blueprint.v1)
