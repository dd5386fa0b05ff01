"""The blueprint that the modules beside this one add their views to."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("guild", __name__, url_prefix="/admin")
