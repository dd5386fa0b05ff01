"""What tells nobody, and remembers what it was given."""

from collections.abc import Callable
from dataclasses import dataclass, field

from socialcube.domain.alerts.types import Notice
from socialcube.kernel.secrets import Secret


@dataclass
class FakeMessenger:
    """Takes every notice, unless a failure stands in its way.

    Attributes:
        sent: where each notice went, with the notice.
        failures: raised one after the other before anything is taken.
        before: done first, to let time pass for example.
    """

    sent: list[tuple[str, Notice]] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    before: Callable[[], object] = bool

    @property
    def titles(self) -> list[str]:
        return [notice.title for _, notice in self.sent]

    def send(self, target: Secret, notice: Notice) -> None:
        self.before()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((target.reveal(), notice))
