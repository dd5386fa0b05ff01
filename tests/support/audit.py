"""What tests of the chain share: entries by the dozen, and a look at all of them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.audit import service
from socialcube.domain.audit.types import Anchor, FindingKind, Verification
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys
from tests.fakes.clock import START, FakeClock
from tests.support.databases import Database

KEYS = SigningKeys([Secret("k" * 40)], "audit log")
BOT = UUID("01890000-0000-7000-8000-000000000001")
ANN = UUID("01890000-0000-7000-8000-0000000000a1")
ACTOR = Actor("user", str(ANN), request_id="req-1", address="192.0.2.7")


def unit(database: Database, *, keys: SigningKeys = KEYS, now: datetime = START) -> UnitOfWork:
    """Open a unit whose entries are signed."""
    return UnitOfWork(database.writes(), None, FakeClock(now), keys)


def write(database: Database, count: int = 1, *, keys: SigningKeys = KEYS, now: datetime = START) -> None:
    """Write entries, each in a unit of its own."""
    for number in range(count):
        with unit(database, keys=keys, now=now) as uow:
            service.record(
                uow,
                ACTOR,
                "bot.edit",
                subject_kind="bot",
                subject_id=BOT,
                bot_id=BOT,
                before={"name": "Fern", "number": number},
                after={"name": "Ivy", "number": number + 0.5, "device": "Ann's phone"},
            )
            uow.commit()


def anchor(database: Database) -> Anchor:
    """Write the newest entry down elsewhere."""
    with unit(database) as uow:
        made = service.anchor_head(uow)
        uow.commit()
    assert made is not None
    return made


def change(database: Database, statement: str, **values: object) -> None:
    """Do to the table what nobody should."""
    with database.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount > 0, "nothing was changed"


def look(database: Database, anchors: Iterable[Anchor] = (), *, keys: SigningKeys = KEYS) -> Verification:
    """Walk along the chain."""
    return service.verify(database.reads, keys, anchors=anchors)


def found(verification: Verification) -> dict[FindingKind, list[tuple[int, int]]]:
    """Give the numbers of each finding by its kind."""
    places: dict[FindingKind, list[tuple[int, int]]] = {}
    for finding in verification.findings:
        places.setdefault(finding.kind, []).append((finding.first, finding.last))
    return places
