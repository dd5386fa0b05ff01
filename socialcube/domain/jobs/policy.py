"""Rules about jobs: what each kind needs, and how much it may carry."""

import json
from collections.abc import Mapping
from typing import Final

from socialcube.domain.access.types import Permission
from socialcube.domain.jobs.errors import JobTooLargeError, UnknownJobKindError
from socialcube.domain.jobs.types import MAX_PAYLOAD_BYTES, JobKind

_PERMISSIONS: Final = {
    JobKind.DRY_RUN: Permission.COMMAND_EDIT,
    JobKind.COMMAND_PLAN: Permission.COMMAND_VIEW,
    JobKind.REFRESH_BOT: Permission.BOT_CONTROL,
    JobKind.RETENTION: Permission.SITE_ADMIN,
}


def required_permission(kind: str) -> Permission:
    """Give what somebody must hold to ask for a job of this kind.

    Raises:
        UnknownJobKindError: there is no such kind.
    """
    try:
        return _PERMISSIONS[JobKind(kind)]
    except ValueError:
        raise UnknownJobKindError(kind=kind, kinds=", ".join(JobKind)) from None


def check_payload(payload: Mapping[str, object]) -> dict[str, object]:
    """Give the payload as it will be stored.

    Raises:
        JobTooLargeError: it is larger than a row should be.
        TypeError: it is no JSON, which is a mistake of the caller.
    """
    size = len(json.dumps(payload, ensure_ascii=False).encode())
    if size > MAX_PAYLOAD_BYTES:
        raise JobTooLargeError(size=size, max_size=MAX_PAYLOAD_BYTES)
    return dict(payload)
