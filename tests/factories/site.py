"""Settings of the installation for tests."""

from sqlalchemy.orm import Session

from socialcube.domain.site.models import Setting
from tests.fakes.clock import START


def make_setting(session: Session, key: str, value: object) -> Setting:
    """Store a setting."""
    setting = Setting(key=key, value=value, created_at=START, updated_at=START)
    session.add(setting)
    session.flush()
    return setting
