"""Writes of the audit log. Rows are only ever added; what is personal in one may be taken out."""

from socialcube.domain.audit.service.anchoring import anchor_head
from socialcube.domain.audit.service.erasing import erase_person
from socialcube.domain.audit.service.recording import ACCESS_DENIED, record, record_denied
from socialcube.domain.audit.service.retention import delete_expired
from socialcube.domain.audit.service.verifying import verify

__all__ = [
    "ACCESS_DENIED",
    "anchor_head",
    "delete_expired",
    "erase_person",
    "record",
    "record_denied",
    "verify",
]
