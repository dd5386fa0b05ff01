"""Where the pages of server managers live."""

from typing import Final

from flask import Blueprint

from socialcube.domain.pictures.types import MAX_EXTERNAL_ID

SERVER: Final = f"/<int(max={MAX_EXTERNAL_ID}):server>"
"""A server by the platform's id, which people can read in Discord and bots can write in links."""

blueprint: Final = Blueprint("manage", __name__, url_prefix="/manage")
