"""Reads of settings that belong to the installation."""

from sqlalchemy.orm import Session

from socialcube.domain.site.models import Setting
from socialcube.domain.site.types import ORIGIN


def find_origin(session: Session) -> str | None:
    """Find which Discord this database belongs to, like `https://discord.com`."""
    setting = session.get(Setting, ORIGIN, populate_existing=True)
    return None if setting is None else str(setting.value)
