"""What one run may use up, and how much of it is gone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from socialcube.engine.errors import (
    BudgetExceededError,
    DirectMessageBudgetError,
    DiscordWriteBudgetError,
    HTTPCallBudgetError,
    IterationBudgetError,
    RenderTotalBudgetError,
    StepBudgetError,
    VariableBudgetError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The budgets of one run. The owner of a bot may raise them within the limits of the site.

    Attributes:
        steps: steps that are run.
        iterations: turns of all loops together.
        wall_seconds: from start to end.
        render_seconds: filling in one text.
        render_total_seconds: filling in all texts; it holds the event loop, which other bots share.
        defer_seconds: after which Discord is told that the answer takes longer; its own deadline is 3 s.
        http_calls: calls to other servers.
        discord_writes: messages and changes on Discord.
        direct_messages: messages to one person.
        variable_operations: reads and writes of variables.
    """

    steps: int = 100
    iterations: int = 500
    wall_seconds: float = 25.0
    render_seconds: float = 0.25
    render_total_seconds: float = 1.0
    defer_seconds: float = 1.5
    http_calls: int = 3
    discord_writes: int = 10
    direct_messages: int = 1
    variable_operations: int = 20


class Resource(StrEnum):
    """What is counted. The values are names of `Limits`."""

    STEPS = "steps"
    ITERATIONS = "iterations"
    HTTP_CALLS = "http_calls"
    DISCORD_WRITES = "discord_writes"
    DIRECT_MESSAGES = "direct_messages"
    VARIABLE_OPERATIONS = "variable_operations"
    RENDER_TOTAL = "render_total_seconds"


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """How much of one budget a run used, as the trace shows it."""

    name: str
    used: float
    limit: float


_ERRORS: Final[dict[Resource, type[BudgetExceededError]]] = {
    Resource.STEPS: StepBudgetError,
    Resource.ITERATIONS: IterationBudgetError,
    Resource.HTTP_CALLS: HTTPCallBudgetError,
    Resource.DISCORD_WRITES: DiscordWriteBudgetError,
    Resource.DIRECT_MESSAGES: DirectMessageBudgetError,
    Resource.VARIABLE_OPERATIONS: VariableBudgetError,
    Resource.RENDER_TOTAL: RenderTotalBudgetError,
}


class Budget:
    """The counters of one run."""

    __slots__ = ("_used", "limits")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._used: dict[Resource, float] = {}

    def spend(self, resource: Resource, amount: float = 1) -> None:
        """Count something that is about to happen.

        Raises:
            BudgetExceededError: it would be more than the limit; a class per resource. It is not counted.
        """
        used = self._used.get(resource, 0) + amount
        if used > self.limit(resource):
            raise _ERRORS[resource](limit=f"{self.limit(resource):g}")
        self._used[resource] = used

    def charge(self, resource: Resource, amount: float) -> None:
        """Count something that already happened, even past the limit."""
        self._used[resource] = self._used.get(resource, 0) + amount

    def left(self, resource: Resource) -> float:
        """Give what is left of a budget, 0 at least."""
        return max(0.0, self.limit(resource) - self._used.get(resource, 0))

    def limit(self, resource: Resource) -> float:
        """Give the limit of a budget."""
        limit: float = getattr(self.limits, resource)
        return limit

    def uses(self) -> tuple[BudgetUse, ...]:
        """List every budget that was drawn on."""
        return tuple(
            BudgetUse(str(resource), round(used, 6), self.limit(resource))
            for resource, used in self._used.items()
        )
