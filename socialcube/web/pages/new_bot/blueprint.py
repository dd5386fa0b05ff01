"""The blueprint that the modules beside this one add their views to."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("new_bot", __name__, url_prefix="/admin/bots/new")
