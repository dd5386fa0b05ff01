"""When and from where keys are used."""

from datetime import datetime

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.api_keys.models import ApiKey
from socialcube.domain.api_keys.types import MAX_ADDRESSES, SEEN_EVERY, Proof
from socialcube.domain.audit import service as audit
from socialcube.kernel.text import one_line


def is_worth_noting(proof: Proof, place: str, now: datetime) -> bool:
    """Tell whether a use says anything new: a minute passed, or it comes from another place."""
    seen_at = proof.record.view.last_used_at
    is_old = seen_at is None or now - seen_at >= SEEN_EVERY
    return is_old or place not in proof.record.places or bool(proof.renewed_digest)


def note_use(uow: UnitOfWork, proof: Proof, *, place: str, address: str, request_id: str = "") -> None:
    """Note that a key is used and from where, and keep its digest under today's pepper.

    Args:
        uow: an open write unit.
        proof: what was shown.
        place: the address, or the network that it stands for; a new one leaves an audit row.
        address: the very address.
        request_id: of the web request.
    """
    row = uow.session.get(ApiKey, proof.record.view.id, with_for_update=True, populate_existing=True)
    if row is None or row.revoked_at is not None:
        # It ended since it was shown. Whose it was may be erased, and no address may come after that.
        return
    row.last_used_at, row.last_address = uow.clock.now(), one_line(address, 64)
    # It may have been rotated since it was shown.
    if proof.renewed_digest and row.digest == proof.record.digest:
        row.digest = proof.renewed_digest
    if place not in row.places:
        row.places = [*row.places[1 - MAX_ADDRESSES :], place]
        _record_new_place(uow, row, place, address, request_id)


def _record_new_place(uow: UnitOfWork, row: ApiKey, place: str, address: str, request_id: str) -> None:
    audit.record(
        uow,
        Actor("key", str(row.id), request_id=request_id, address=address, person_id=row.user_id),
        "key.use_from_new_address",
        subject_kind="key",
        subject_id=row.id,
        after={"name": row.name, "key": row.public_id, "place": place},
    )
