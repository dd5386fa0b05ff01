"""How long ago somebody may have proved who they are."""

from datetime import datetime, timedelta

from socialcube.domain.accounts.types import FORM_TIME, RECENT_TIME


def is_recent(signed_in_at: datetime, now: datetime, *, opens_form: bool = False) -> bool:
    """Tell whether a proof of who somebody is still counts for what is dangerous.

    Args:
        signed_in_at: when it was given.
        now: the moment at hand.
        opens_form: whether a form is only opened now, and sent later.
    """
    age = now - signed_in_at
    if opens_form:
        age += FORM_TIME
    # A clock that was turned back must not make an old proof young again; small differences
    # between machines are none of its business.
    return -timedelta(minutes=1) < age < RECENT_TIME
