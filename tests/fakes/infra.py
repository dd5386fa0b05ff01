"""The outside world of a web or worker process, kept inside of the test."""

from dataclasses import dataclass, field
from uuid import UUID

from socialcube.domain.bots.types import BotIdentity
from socialcube.domain.logs.types import LogRecord
from socialcube.infra.control_bus import ControlBus, ControlMessage, Topic
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

    def publish(self, message: ControlMessage) -> bool:
        self.sent.append(message)
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
