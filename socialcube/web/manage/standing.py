"""What somebody may do in one server, and what is under way to find that out.

A server that is not here, one without a bot that lets managers in, and one that somebody else manages answer
alike and after the same time: guessing ids tells nobody which servers have a bot of this panel. Only who was
seen to manage a server before hears what is wrong with asking again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from flask import session as browser
from sqlalchemy.orm import Session

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.bots.types import Platform
from socialcube.domain.guilds import queries
from socialcube.domain.guilds.service.managers import ANSWER_SECONDS
from socialcube.domain.guilds.types import OpenServer
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobState
from socialcube.kernel.ids import read_id
from socialcube.web import identity
from socialcube.web.context import services

STRANGERS_WAIT: Final = timedelta(seconds=10)
"""How long whoever was never seen to manage a server waits for a no, whatever the reason."""

_REMEMBERED: Final = timedelta(minutes=1)
_MOST: Final = 10
_KEY: Final = "manager_checks"


class Standing(StrEnum):
    """Where somebody stands in a server. At the last two nobody knows: no bot is online, or none answered."""

    OPEN = "open"
    UNCHECKED = "unchecked"
    CHECKING = "checking"
    REFUSED = "refused"
    OFFLINE = "offline"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Asked:
    """A check that this browser asked for.

    Attributes:
        at: when.
        job_id: of the question; None when there was nobody to ask.
        is_known: whether the person had been seen to manage the server before.
    """

    at: datetime
    job_id: UUID | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Where somebody stands, and what that opens.

    Attributes:
        standing: tells whether the rest may be shown.
        actor: the person as a manager: without any role, with the places that are open.
        server: the one asked for; None unless it is open, or the person was seen to manage it before.
    """

    standing: Standing
    actor: Actor
    server: OpenServer | None = None

    @property
    def bot_ids(self) -> list[UUID]:
        """List the bots whose settings there the person may see."""
        if self.server is None:
            return []
        return [bot_id for bot_id in self.server.bot_ids if self.may(Permission.GUILD_VIEW, bot_id)]

    def may(self, permission: Permission, bot_id: UUID) -> bool:
        """Tell whether the person holds a permission for a bot in this server."""
        return self.server is not None and can(
            self.actor, permission, Subject.guild(bot_id, self.server.face.id)
        )


def look(external_id: int) -> Look:
    """Look where the person stands in a server, by the platform's id."""
    session = services().session()
    actor = as_manager(identity.person(), session)
    server = queries.find_open_server(session, Platform.DISCORD, external_id)
    found = Look(Standing.OPEN, actor, server)
    if found.bot_ids:
        return found
    asked = find_asked(external_id)
    if asked is None or (server is not None and _ran_out(asked, server)):
        return Look(Standing.UNCHECKED, actor)
    if server is None or not asked.is_known:
        is_early = services().shared.clock.now() - asked.at < STRANGERS_WAIT
        return Look(Standing.CHECKING if is_early else Standing.REFUSED, actor)
    return Look(_standing_of(asked), actor, server)


def as_manager(person: identity.Person, session: Session) -> Actor:
    """Give the person as one who holds nothing but what managing servers gives at this moment."""
    managed = queries.list_managed(session, person.view.external_id)
    return replace(person.actor, permissions=frozenset(), bot_permissions={}, managed=managed)


def find_asked(external_id: int) -> Asked | None:
    """Find the check of a server that this browser asked for within the last minute."""
    noted = _noted().get(str(external_id))
    if not isinstance(noted, dict):
        return None
    at = datetime.fromisoformat(str(noted["at"]))
    if services().shared.clock.now() - at > _REMEMBERED:
        return None
    return Asked(at, read_id(str(noted["job"])), bool(noted["known"]))


def remember(external_id: int, asked: Asked) -> None:
    """Remember a check of a server, beside a few others."""
    # The youngest stand last, so the oldest ones go.
    others = {key: value for key, value in _noted().items() if key != str(external_id)}
    kept = dict(list(others.items())[1 - _MOST :])
    noted = {"at": asked.at.isoformat(), "job": str(asked.job_id or ""), "known": asked.is_known}
    browser[_KEY] = {**kept, str(external_id): noted}


def _ran_out(asked: Asked, server: OpenServer) -> bool:
    """Tell whether the check was answered with a yes that is too old by now."""
    session, person = services().session(), identity.person()
    check = queries.find_manager_check(session, server.face.id, person.view.external_id)
    if check is None or not check.is_manager or asked.job_id is None:
        return False
    job = jobs.find_job(session, asked.job_id)
    return job is not None and job.state is JobState.DONE


def _standing_of(asked: Asked) -> Standing:
    """Say how the check of somebody goes on who may know it."""
    if asked.job_id is None:
        return Standing.OFFLINE
    job = jobs.find_job(services().session(), asked.job_id)
    if job is None or job.state in {JobState.FAILED, JobState.EXPIRED, JobState.CANCELLED}:
        return Standing.AWAY
    if job.state is JobState.DONE:
        return Standing.REFUSED
    is_late = services().shared.clock.now() - asked.at > timedelta(seconds=ANSWER_SECONDS)
    return Standing.AWAY if is_late else Standing.CHECKING


def _noted() -> dict[str, Any]:
    noted = browser.get(_KEY)
    return noted if isinstance(noted, dict) else {}
