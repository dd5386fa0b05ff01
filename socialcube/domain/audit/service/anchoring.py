"""Gives the newest entry for writing down elsewhere, and remembers that it was."""

from sqlalchemy import delete, insert

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.audit.models import AuditPoint
from socialcube.domain.audit.queries.chain import find_head, name_of_chain
from socialcube.domain.audit.service.tail import seal_point
from socialcube.domain.audit.types import ANCHORED, Anchor


def anchor_head(uow: UnitOfWork) -> Anchor | None:
    """Give the anchor of the newest entry and note its moment for the panel; None before the chain began.

    That note proves nothing, since it stands in the same database.
    """
    head = find_head(uow.session)
    if head is None:
        return None
    uow.session.execute(delete(AuditPoint).where(AuditPoint.kind == ANCHORED))
    point = seal_point(uow, ANCHORED, last=head.last, row_id=head.row_id, digest=head.digest)
    uow.session.execute(insert(AuditPoint), [point])
    return Anchor(name_of_chain(uow.session), head.last, head.digest)
