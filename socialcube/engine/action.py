"""What an action is: one class that gives the schema, the form, the checks and the behaviour."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from socialcube.engine.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialcube.engine.budget import Resource
    from socialcube.engine.ports import Message
    from socialcube.engine.template import Template

FieldsT = TypeVar("FieldsT", bound=Fields)


class StepContext(Protocol):
    """What a running action may do. Every effect goes through here, so it is counted and traced."""

    def render(self, name: str, template: Template) -> str:
        """Fill in a template; `name` is the parameter's place, like `embed.title`, for trace and errors."""
        ...

    async def reply(self, message: Message) -> None:
        """Answer the person who started the run."""
        ...

    def set_variable(self, name: str, value: str | float | bool) -> None:  # noqa: FBT001 - a value like the others
        """Make `vars.<name>` hold a value for the rest of this run."""
        ...

    async def run_block(self, name: str) -> None:
        """Run a child list of the step (`then`, `else`, …); one that is not there is empty."""
        ...


class Action(ABC, Generic[FieldsT]):
    """Base of all actions. It keeps no state: one instance serves all runs.

    Attributes:
        name: the `type` of its steps in a document; never changes.
        label: short name for people.
        description: one sentence on what it does.
        fields_model: its parameters; a field's title is its label and its description the help text.
        cost: budgets that one run of it draws on, besides the step itself.
        permission: Discord permission that the bot needs for it, as Discord names it; None for none.
        blocks: names of the child lists that its steps may hold.
        one_block_runs: whether exactly one of these lists runs each time.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    fields_model: type[FieldsT]
    cost: ClassVar[Mapping[Resource, int]] = MappingProxyType({})
    permission: ClassVar[str | None] = None
    blocks: ClassVar[tuple[str, ...]] = ()
    one_block_runs: ClassVar[bool] = False

    @abstractmethod
    async def run(self, context: StepContext, fields: FieldsT) -> object:
        """Do it.

        Args:
            context: what it may do.
            fields: the checked parameters, templates parsed.

        Returns:
            JSON data for the trace, or None.

        Raises:
            EngineError: it failed; anything else counts as our fault.
        """

    def answers_privately(self, fields: FieldsT) -> bool | None:  # noqa: ARG002 - for those that answer
        """Tell whether its answer is private, None when it gives none. It cannot depend on the run."""
        return None

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of its parameters, labels and help included."""
        return self.fields_model.model_json_schema()
