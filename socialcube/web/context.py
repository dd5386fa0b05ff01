"""What a view or a command finds about the process it runs in."""

from typing import Final, cast

from flask import current_app, g

from socialcube.bootstrap.web import WebServices
from socialcube.kernel.settings import Settings

SERVICES: Final = "socialcube"


def services() -> WebServices:
    """Give the parts that `create_app` composed."""
    return cast("WebServices", current_app.extensions[SERVICES])


def settings() -> Settings:
    """Give the settings of this process."""
    return services().shared.settings


def request_id() -> str:
    """Give the id of the request at hand; answers, error pages and log rows carry it."""
    return cast("str", g.get("request_id", ""))
