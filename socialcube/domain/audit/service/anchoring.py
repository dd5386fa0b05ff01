"""Gives the newest entry for writing down elsewhere, and remembers that it was."""

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
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
    point = seal_point(uow, ANCHORED, last=head.last, row_id=head.row_id, digest=head.digest)
    table = AuditPoint
    changed = [table.last, table.row_id, table.digest, table.key_id, table.seal, table.made_at]
    upsert(uow.session, table, [point], key=[table.kind, table.first], update=changed)
    return Anchor(name_of_chain(uow.session), head.last, head.digest)
