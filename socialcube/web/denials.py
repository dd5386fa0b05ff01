"""Writes down who was refused what. What comes too often is summed up: nobody fills the log by asking on."""

from typing import Final

from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.infra.rate_limits import Limit
from socialcube.kernel.errors import TooManyTriesError
from socialcube.web import identity
from socialcube.web.context import services

WRITTEN: Final = Limit("denials", tries=30, minutes=10)
"""Entries about one person, or about all keys of one. Each takes the end of the log, where changes wait."""

_SUMMED_UP: Final = Limit("denials-summed-up", tries=1, minutes=10)


def note_denied(permission: Permission, subject: Subject) -> None:
    """Record that who asks was refused, or once that this happens too often to be written down each time.

    The answer to the request is the caller's, and the same either way. While Redis is away each process
    counts by itself.

    Args:
        permission: what was missing.
        subject: what it was asked for.

    Raises:
        UnauthenticatedError: nobody is signed in, and there is no key.
    """
    actor, who = identity.actor(), _name_asker()
    if _is_within(WRITTEN, who):
        audit.record_denied(services().shared.unit_of_work, actor, permission, subject)
    elif _is_within(_SUMMED_UP, who):
        _sum_up(actor, permission, subject)


def _sum_up(actor: Actor, permission: Permission, subject: Subject) -> None:
    left_out = f"further refusals, for up to {_SUMMED_UP.minutes} minutes"
    with services().shared.unit_of_work() as uow:
        audit.record(
            uow,
            actor,
            audit.ACCESS_DENIED,
            subject_kind=subject.kind,
            subject_id=subject.id,
            bot_id=subject.bot_id,
            after={"permission": str(permission), "left_out": left_out},
        )
        uow.commit()


def _name_asker() -> str:
    program = identity.find_program()
    # Somebody may make many keys, so those count together.
    return f"keys:{program.key.user_id}" if program else f"user:{identity.person().view.id}"


def _is_within(limit: Limit, who: str) -> bool:
    try:
        services().limits.note_anyway(limit, who)
    except TooManyTriesError:
        return False
    return True
