"""The blueprint that all views of a command belong to."""

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("command", __name__, url_prefix="/admin/commands")
