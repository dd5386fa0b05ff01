"""The outside world of a web or worker process, kept inside of the test."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from socialcube.domain.bots.types import BotIdentity
from socialcube.domain.logs.types import LogRecord
from socialcube.infra.control_bus import ControlBus, ControlMessage, Topic
from socialcube.infra.rate_limits import Limit
from socialcube.infra.request_quota import WINDOW_SECONDS, Allowance, QuotaSpentError
from socialcube.infra.session_cache import Shelf, SignInAwayError
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import TooManyTriesError
from socialcube.kernel.secrets import Secret


class FakeBus(ControlBus):
    """Keeps hints and sends none.

    Attributes:
        sent: what was published, in order.
        is_up: whether it answers.
    """

    def __init__(self) -> None:
        super().__init__(Secret("redis://nowhere.invalid"), namespace="test")
        self.sent: list[ControlMessage] = []
        self.is_up = True

    def publish(self, *messages: ControlMessage) -> bool:
        self.sent.extend(messages)
        return self.is_up

    def ping(self) -> bool:
        return self.is_up

    def topics(self) -> list[Topic]:
        """Give the topics of what was published."""
        return [message.topic for message in self.sent]


@dataclass
class FakeSink:
    """Keeps records in a list."""

    records: list[LogRecord] = field(default_factory=list)

    def put(self, record: LogRecord) -> None:
        self.records.append(record)

    def start(self) -> None:
        """Start nothing."""

    def close(self) -> None:
        """End nothing."""


@dataclass
class FakeQueue:
    """Keeps what would go to the workers."""

    sent: list[tuple[UUID, str]] = field(default_factory=list)
    is_up: bool = True

    def send(self, job_id: UUID, kind: str) -> bool:
        self.sent.append((job_id, kind))
        return self.is_up

    def close(self) -> None:
        """End nothing."""


@dataclass
class FakeDirectory:
    """Knows some tokens, by the identity they belong to; raises what it is told to."""

    identities: dict[str, BotIdentity] = field(default_factory=dict)
    failure: Exception | None = None

    def identify(self, token: Secret) -> BotIdentity:
        if self.failure is not None:
            raise self.failure
        return self.identities[token.reveal()]


@dataclass
class FakeSessionCache:
    """Keeps documents in a dictionary, for ever.

    Attributes:
        documents: by shelf and name.
        is_up: whether it answers.
    """

    documents: dict[tuple[Shelf, str], dict[str, object]] = field(default_factory=dict)
    is_up: bool = True

    def put(self, shelf: Shelf, name: Secret, document: dict[str, object]) -> None:
        self._require_up()
        self.documents[shelf, name.reveal()] = dict(document)

    def find(self, shelf: Shelf, name: Secret) -> dict[str, object] | None:
        self._require_up()
        found = self.documents.get((shelf, name.reveal()))
        return None if found is None else dict(found)

    def take(self, shelf: Shelf, name: Secret) -> dict[str, object] | None:
        self._require_up()
        return self.documents.pop((shelf, name.reveal()), None)

    def drop(self, shelf: Shelf, name: Secret) -> None:
        self._require_up()
        self.documents.pop((shelf, name.reveal()), None)

    def close(self) -> None:
        """End nothing."""

    def _require_up(self) -> None:
        if not self.is_up:
            raise SignInAwayError


@dataclass
class FakeRateLimits:
    """Counts tries and never forgets one.

    Attributes:
        tries: by the limit's name and who tried.
        is_up: whether it can tell.
    """

    tries: dict[tuple[str, str], int] = field(default_factory=dict)
    is_up: bool = True

    def note(self, limit: Limit, who: str) -> None:
        if not self.is_up:
            raise SignInAwayError
        key = (limit.name, who)
        self.tries[key] = self.tries.get(key, 0) + 1
        if self.tries[key] > limit.tries:
            raise TooManyTriesError

    def note_anyway(self, limit: Limit, who: str) -> None:
        was_up, self.is_up = self.is_up, True
        try:
            self.note(limit, who)
        finally:
            self.is_up = was_up

    def close(self) -> None:
        """End nothing."""


@dataclass
class FakeQuota:
    """Counts requests of the minute, in one process.

    Attributes:
        taken: by who asked and in which minute.
    """

    clock: Clock
    limit: int = 600
    taken: Counter[tuple[str, int]] = field(default_factory=Counter)

    def take(self, who: str) -> Allowance:
        minute, passed = divmod(int(self.clock.now().timestamp()), WINDOW_SECONDS)
        seconds = WINDOW_SECONDS - passed
        if self.taken[who, minute] >= self.limit:
            raise QuotaSpentError(self.limit, seconds)
        self.taken[who, minute] += 1
        return Allowance(self.limit, self.limit - self.taken[who, minute], seconds)

    def close(self) -> None:
        """End nothing."""
