"""The API for programs, `/api/v1`: an API key in each request, JSON in each answer, no cookie anywhere."""

from flask import Flask

from socialcube.domain.access.types import Permission
from socialcube.web import guard
from socialcube.web.api import blueprint, reference, views
from socialcube.web.api.document import list_operations


def init_app(app: Flask) -> None:
    """Open the API and the pages that describe it."""
    views.load()
    app.register_blueprint(blueprint.v1)
    app.register_blueprint(reference.blueprint)
    # The protection is for cookies, and none counts here.
    app.extensions["csrf"].exempt(blueprint.v1)


def list_used_permissions(app: Flask) -> frozenset[Permission]:
    """Give the permissions that some address of the API asks for: the others would be no use to a key."""
    marks = (guard.mark_of(app.view_functions[rule.endpoint]) for rule, _, _ in list_operations(app))
    return frozenset(mark.permission for mark in marks if mark and mark.permission)
