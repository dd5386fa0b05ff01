"""Reads of settings that belong to the installation."""

from sqlalchemy.orm import Session

from socialcube.domain.site.errors import OtherOriginError
from socialcube.domain.site.models import Setting
from socialcube.domain.site.types import FIRST_STEPS_DISMISSED, ORIGIN


def find_origin(session: Session) -> str | None:
    """Find which Discord this database belongs to, like `https://discord.com`."""
    setting = session.get(Setting, ORIGIN, populate_existing=True)
    return None if setting is None else str(setting.value)


def require_origin(session: Session, origin: str) -> bool:
    """Make sure that the database may be used with this Discord, without tying it to one.

    Args:
        session: only read.
        origin: scheme and host, like `https://discord.com`.

    Returns:
        Whether the database belongs to it already, rather than to nobody yet.

    Raises:
        OtherOriginError: the database belongs to another Discord.
    """
    stored = find_origin(session)
    if stored not in {None, origin}:
        raise OtherOriginError(stored=stored, origin=origin)
    return stored is not None


def has_dismissed_first_steps(session: Session, user_id: str) -> bool:
    """Tell whether a person put the list of first steps away."""
    return session.get(Setting, FIRST_STEPS_DISMISSED.format(user_id=user_id)) is not None
