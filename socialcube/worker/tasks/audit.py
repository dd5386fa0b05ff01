"""Writes down outside of the database what the audit log ends with."""

import logging
import sys
from typing import Final

from socialcube.domain.audit import policy
from socialcube.domain.audit import service as audit
from socialcube.infra.anchor_file import AnchorFile, anchors_path
from socialcube.worker.runtime import Runtime

_log: Final = logging.getLogger(__name__)


def anchor_audit(runtime: Runtime) -> str:
    """Write the anchor of the newest entry to stdout and, when it is another one, to the file; give its line.

    The line goes to stdout whatever LOG_LEVEL says: the platform's log is the place that nobody with the
    database alone can change. Two beats at once write the same line twice, which harms nothing.
    """
    shared = runtime.services.shared
    with shared.unit_of_work() as uow:
        anchor = audit.anchor_head(uow)
        uow.commit()
    if anchor is None:
        return ""
    line = policy.write_anchor(anchor, shared.clock.now())
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    file = AnchorFile(anchors_path(shared.settings))
    try:
        if anchor not in policy.read_anchors([file.last_line()]):
            file.append(line)
    except OSError as error:
        _log.warning("the anchor of the audit log could not be stored in %s: %s", file.path, error.strerror)
    return line
