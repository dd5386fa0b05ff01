"""Writes of jobs and of the files that they leave behind."""

from socialcube.domain.jobs.service.files import (
    add_file_part,
    attach_file,
    begin_file,
    delete_old_files,
    drop_file,
)
from socialcube.domain.jobs.service.work import (
    ask,
    cancel,
    claim,
    delete_ended,
    expire_overdue,
    fail,
    finish,
    mark_sent,
    put_back,
    report_progress,
)

__all__ = [
    "add_file_part",
    "ask",
    "attach_file",
    "begin_file",
    "cancel",
    "claim",
    "delete_ended",
    "delete_old_files",
    "drop_file",
    "expire_overdue",
    "fail",
    "finish",
    "mark_sent",
    "put_back",
    "report_progress",
]
