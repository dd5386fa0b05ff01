"""Words about logs: the streams and what one row of each says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from socialcube.kernel.ids import new_id


class Stream(StrEnum):
    """A series of log rows with ids of its own, in commit order."""

    COMMANDS = "commands"
    BOTS = "bots"
    REQUESTS = "requests"
    ERRORS = "errors"


class Level(StrEnum):
    """How much a bot event matters. Debug rows are the first to go when room runs out."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Outcome(StrEnum):
    """How a command run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"


class ErrorSource(StrEnum):
    """Which part of the house an error comes from."""

    WEB = "web"
    FLEET = "fleet"
    WORKER = "worker"
    COMMAND = "command"
    LOGS = "logs"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLogRecord:
    """One run of a command.

    Attributes:
        event_id: our own id of the run; writing it twice stores it once.
        version: the published version that ran, None when there was none.
        guild_id: the platform's id, None in a direct message.
        node_path: where in the document it failed, like `steps[1].then[0]`, or empty.
        duration_ms: from the platform's event to the end of the last step.
        first_response_ms: from the platform's event to our first answer, None when there was none.
        deferred: whether "is thinking…" was answered first.
        options: typed values by option name.
        trace: what the steps did, in order.
    """

    stream: ClassVar[Stream] = Stream.COMMANDS

    event_id: UUID = field(default_factory=new_id)
    occurred_at: datetime
    bot_id: UUID
    command_id: UUID | None = None
    command_name: str
    version: int | None = None
    guild_id: int | None = None
    guild_name: str = ""
    channel_id: int | None = None
    user_id: int
    user_name: str = ""
    outcome: str
    error_code: str = ""
    error_message: str = ""
    node_path: str = ""
    duration_ms: float
    first_response_ms: float | None = None
    deferred: bool = False
    options: Mapping[str, object] = field(default_factory=dict)
    trace: Sequence[object] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BotLogRecord:
    """Something that happened to a bot.

    Attributes:
        runner_id: the process that saw it, None when no runner was involved.
        kind: a past-tense word, like `connected`, `guild_joined`, `commands_synced`.
        message: one sentence for people.
    """

    stream: ClassVar[Stream] = Stream.BOTS

    event_id: UUID = field(default_factory=new_id)
    occurred_at: datetime
    bot_id: UUID
    runner_id: UUID | None = None
    level: str = Level.INFO
    kind: str
    message: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLogRecord:
    """One answered HTTP request.

    Attributes:
        path: without its query, which may carry secrets.
        user: who asked, as `str(actor)`, empty when nobody was signed in.
        address: the client's address as the trusted proxies tell it.
        agent: the User-Agent header.
    """

    stream: ClassVar[Stream] = Stream.REQUESTS

    event_id: UUID = field(default_factory=new_id)
    occurred_at: datetime
    request_id: str
    method: str
    path: str
    status: int
    duration_ms: float
    user: str = ""
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLogRecord:
    """One failure that somebody should look at.

    Attributes:
        bot_id: the bot it concerns, None for the site.
        code: the stable code of the failure.
        place: where it happened: a node of a document, a route, a task.
        detail: more lines, like a stack trace.
        fingerprint: equal for failures of one kind, so that they can be grouped.
        trace_id: ties it to the run or the request.
    """

    stream: ClassVar[Stream] = Stream.ERRORS

    event_id: UUID = field(default_factory=new_id)
    occurred_at: datetime
    bot_id: UUID | None = None
    source: str
    code: str
    message: str
    place: str = ""
    detail: str = ""
    fingerprint: str = ""
    trace_id: str = ""


LogRecord = CommandLogRecord | BotLogRecord | RequestLogRecord | ErrorLogRecord

RECORD_TYPES: dict[Stream, type[LogRecord]] = {
    record_type.stream: record_type
    for record_type in (CommandLogRecord, BotLogRecord, RequestLogRecord, ErrorLogRecord)
}


@dataclass(frozen=True, slots=True)
class LogRow:
    """A committed record and its id: the higher the id, the later its commit."""

    id: int
    record: LogRecord
