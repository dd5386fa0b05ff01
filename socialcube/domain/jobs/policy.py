"""Rules about jobs: what each kind needs, and how much it may carry."""

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from socialcube.domain.access.policy import can_anywhere, require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.jobs.errors import JobTooLargeError, UnknownJobKindError
from socialcube.domain.jobs.types import MAX_PAYLOAD_BYTES, JobKind, JobView
from socialcube.kernel.text import UNSTORABLE

KEPT_DAYS: Final = 30
"""How long an answer can be read after its job ended."""

FILE_SECONDS: Final = 24 * 3600.0
"""How long the file of a job can be fetched after the job ended."""

_PERMISSIONS: Final = {
    JobKind.DRY_RUN: Permission.COMMAND_EDIT,
    JobKind.COMMAND_PLAN: Permission.COMMAND_VIEW,
    JobKind.APPLY_PLAN: Permission.COMMAND_PUBLISH,
    JobKind.REFRESH_BOT: Permission.BOT_CONTROL,
    JobKind.INSPECT_BOT: Permission.BOT_VIEW,
    JobKind.SET_INTENTS: Permission.BOT_EDIT,
    JobKind.RESEAL_TOKEN: Permission.BOT_TOKEN,
    JobKind.EDIT_PROFILE: Permission.BOT_EDIT,
    JobKind.TAKE_INTERACTIONS: Permission.BOT_EDIT,
    JobKind.CHANGE_BOTS: Permission.BOT_CONTROL,
    JobKind.CHECK_MANAGER: Permission.GUILD_VIEW,
    JobKind.LEAVE_GUILD: Permission.BOT_CONTROL,
    JobKind.ROTATE_KEYS: Permission.SITE_ADMIN,
    JobKind.RETENTION: Permission.SITE_ADMIN,
    JobKind.EXPORT: Permission.BOT_VIEW,
    JobKind.VERIFY_AUDIT: Permission.SITE_ADMIN,
    JobKind.TEST_ALERT: Permission.ALERT_EDIT,
}
_PERSONAL: Final = frozenset({JobKind.EXPORT, JobKind.CHANGE_BOTS, JobKind.CHECK_MANAGER})
"""Kinds that concern the asker, or the asker's own bots. Nobody else may follow or cancel one."""


def required_permission(kind: str) -> Permission:
    """Give what somebody must hold to ask for a job of this kind.

    Raises:
        UnknownJobKindError: there is no such kind.
    """
    try:
        return _PERMISSIONS[JobKind(kind)]
    except ValueError:
        raise UnknownJobKindError(kind=kind, kinds=", ".join(JobKind)) from None


def is_personal(kind: str) -> bool:
    """Tell whether a job of this kind concerns nobody but the asker."""
    return kind in _PERSONAL


def require_asking(actor: Actor, kind: str, bot_id: UUID | None) -> None:
    """Make sure that the actor may ask for a job.

    Raises:
        UnknownJobKindError, ForbiddenError: as they say.
    """
    permission = required_permission(kind)
    # Whoever wants to know what they may do in a server holds nothing yet. The answer is about nobody else.
    if kind == JobKind.CHECK_MANAGER and actor.kind == "user":
        return
    if kind in _PERSONAL and can_anywhere(actor, permission):
        return
    require(actor, permission, Subject("job", kind, bot_id))


def require_cancelling(actor: Actor, job: JobView) -> None:
    """Make sure that the actor may withdraw a job.

    Raises:
        ForbiddenError: it is somebody else's.
    """
    if job.kind not in _PERSONAL:
        require_asking(actor, job.kind, job.bot_id)
    elif job.asked_by != str(actor):
        require(actor, Permission.SITE_ADMIN)


def check_payload(payload: Mapping[str, object]) -> dict[str, object]:
    """Give the payload as it will be stored.

    Raises:
        JobTooLargeError: it is larger than a row should be.
        TypeError: it is no JSON, which is a mistake of the caller.
    """
    fit = fit_data(payload)
    size = len(json.dumps(fit, ensure_ascii=False).encode())
    if size > MAX_PAYLOAD_BYTES:
        raise JobTooLargeError(size=size, max_size=MAX_PAYLOAD_BYTES)
    return fit


def fit_data(data: Mapping[str, object]) -> dict[str, object]:
    """Copy JSON data, with a sign for each character that PostgreSQL cannot store in it."""
    return {fit_text(str(key)): _fit(value) for key, value in data.items()}


def fit_text(text: str) -> str:
    """Copy a text, with a sign for NUL and for halves of surrogate pairs."""
    return UNSTORABLE.sub("\ufffd", text)


def _fit(value: object) -> object:
    if isinstance(value, str):
        return fit_text(value)
    if isinstance(value, Mapping):
        return fit_data(value)
    if isinstance(value, list | tuple):
        return [_fit(item) for item in value]
    return value
