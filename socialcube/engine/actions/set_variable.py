"""Remembers a value for the rest of the run."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from socialcube.engine.action import Action, StepContext
from socialcube.engine.budget import Resource
from socialcube.engine.conditions import to_number
from socialcube.engine.errors import NotANumberError, NotYesOrNoError
from socialcube.engine.fields import Fields, TemplateText, VariableName
from socialcube.engine.template import Template

_MAX_SHOWN = 40
_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0", ""})


class SetVariableFields(Fields):
    """The parameters of `set_variable`."""

    name: VariableName = Field(
        title="Name", description="Small letters, digits and _; templates read it as {{ vars.name }}."
    )
    value: Annotated[Template, TemplateText(4_000, has_lines=True)] = Field(
        title="Value", description="What it holds."
    )
    kind: Literal["text", "number", "yes_no"] = Field(
        "text", title="Kind", description="Numbers can be compared and added in templates."
    )


class SetVariable(Action[SetVariableFields]):
    """Makes `vars.name` hold a value until the run ends."""

    name = "set_variable"
    label = "Set variable"
    description = "Remembers a value under a name for the following steps of this run."
    fields_model = SetVariableFields
    cost: ClassVar = {Resource.VARIABLE_OPERATIONS: 1}

    async def run(self, context: StepContext, fields: SetVariableFields) -> dict[str, object]:
        """Fill in the value, turn it into its kind and remember it."""
        text = context.render("value", fields.value)
        try:
            value = _typed(text, fields.kind)
        except (NotANumberError, NotYesOrNoError) as error:
            raise error.at("value") from None
        context.set_variable(fields.name, value)
        return {"name": fields.name, "value": value}


def _typed(text: str, kind: str) -> str | float | bool:
    if kind == "number":
        number = to_number(text)
        return int(number) if number == number.to_integral_value() else float(number)
    return _yes_or_no(text) if kind == "yes_no" else text


def _yes_or_no(text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise NotYesOrNoError(value=f"“{text[:_MAX_SHOWN]}”")
    return word in _YES
