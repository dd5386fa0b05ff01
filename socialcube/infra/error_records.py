"""Makes an error log record of an exception that nobody expected."""

import hashlib
import traceback
from datetime import datetime
from types import TracebackType
from typing import Final

from socialcube.domain.logs.types import ErrorLogRecord, ErrorSource
from socialcube.kernel.errors import SocialCubeError

_PACKAGE: Final = "socialcube"
_MAX_DETAIL: Final = 16_000


def record_of(error: BaseException, source: ErrorSource, *, trace_id: str, now: datetime) -> ErrorLogRecord:
    """Describe an exception: what, where in our code, and the stack. The sink masks secrets in it.

    Args:
        error: as caught.
        source: the shell that caught it.
        trace_id: of the request or job.
        now: when.
    """
    place = _place_of(error.__traceback__)
    code = error.code if isinstance(error, SocialCubeError) else type(error).__name__
    return ErrorLogRecord(
        occurred_at=now,
        source=source,
        code=code,
        message=str(error) or type(error).__name__,
        place=place,
        detail="".join(traceback.format_exception(error))[-_MAX_DETAIL:],
        # The message is left out: it holds ids and values, and would make each failure a kind of its own.
        fingerprint=hashlib.sha256(f"{source}|{code}|{place}".encode()).hexdigest()[:32],
        trace_id=trace_id,
    )


def _place_of(trace: TracebackType | None) -> str:
    """Give module and function of the innermost frame that is ours, or of the innermost one."""
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    ours = [frame for frame in frames if frame.f_globals.get("__name__", "").startswith(_PACKAGE)]
    for frame in reversed(ours or frames):
        return f"{frame.f_globals.get('__name__', '?')}:{frame.f_code.co_qualname}"
    return ""
