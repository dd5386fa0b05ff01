"""Chooses between two lists of steps."""

from typing import Annotated, Literal

from pydantic import Field

from socialcube.engine.action import Action, StepContext
from socialcube.engine.conditions import Operator, holds
from socialcube.engine.errors import NotANumberError
from socialcube.engine.fields import Fields, TemplateText
from socialcube.engine.template import Template

_MAX_ROWS = 20


class ConditionRow(Fields):
    """One row."""

    left: Annotated[Template, TemplateText(2_000)] = Field(
        title="Value", description="Like {{ options.count }}."
    )
    operator: Operator = Field(title="Is", description="How the two values are compared.", strict=False)
    right: Annotated[Template, TemplateText(2_000)] = Field(
        title="Compared with", description="Not needed for “is empty”.", default_factory=Template.empty
    )


class IfFields(Fields):
    """The parameters of `if`."""

    match: Literal["all", "any"] = Field(
        "all", title="Match", description="Whether all rows must be true, or one."
    )
    conditions: tuple[ConditionRow, ...] = Field(
        title="Conditions",
        description="Rows that are true or not.",
        min_length=1,
        max_length=_MAX_ROWS,
        strict=False,
    )


class If(Action[IfFields]):
    """Runs `then` when its conditions are true, `else` when they are not."""

    name = "if"
    label = "If"
    description = "Runs some steps when conditions are true, and others when they are not."
    fields_model = IfFields
    blocks = ("then", "else")
    one_block_runs = True

    async def run(self, context: StepContext, fields: IfFields) -> dict[str, bool]:
        """Compare the rows until the result is clear, then run the list that it chooses."""
        rows = (self._row_holds(context, index, row) for index, row in enumerate(fields.conditions))
        matched = all(rows) if fields.match == "all" else any(rows)
        await context.run_block("then" if matched else "else")
        return {"matched": matched}

    def _row_holds(self, context: StepContext, index: int, row: ConditionRow) -> bool:
        left = context.render(f"conditions[{index}].left", row.left)
        right = context.render(f"conditions[{index}].right", row.right)
        try:
            return holds(left, row.operator, right)
        except NotANumberError as error:
            raise error.at(f"conditions[{index}]") from None
