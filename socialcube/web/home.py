"""The page at `/`: what runs here, and what can be done with it."""

from typing import Final

from flask import Blueprint, render_template

from socialcube import __version__
from socialcube.web.context import settings

blueprint: Final = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    """Show the home page. It tells strangers nothing about bots."""
    sandbox = settings().sandbox
    return render_template(
        "home.html",
        version=__version__,
        chat_url=f"http://{sandbox.host}:{sandbox.port}/chat" if sandbox else None,
    )
