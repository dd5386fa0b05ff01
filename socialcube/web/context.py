"""What a view or a command finds about the process it runs in."""

from typing import Final, cast

from flask import Flask, current_app, g

from socialcube.bootstrap.web import WebServices
from socialcube.kernel.settings import Settings

SERVICES: Final = "socialcube"


def services() -> WebServices:
    """Give the parts of the application at hand."""
    return services_of(current_app)


def services_of(app: Flask) -> WebServices:
    """Give the parts that `create_app` composed for this application."""
    return cast("WebServices", app.extensions[SERVICES])


def settings() -> Settings:
    """Give the settings of this process."""
    return services().shared.settings


def request_id() -> str:
    """Give the id of the request at hand; answers, error pages and log rows carry it."""
    return cast("str", g.get("request_id", ""))
