"""Kinds of parameters that actions share. The form, the schema and the checks all come from these."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from socialcube.engine.errors import TemplateSyntaxError, TemplateTooLongError
from socialcube.engine.template import Template
from socialcube.engine.template.limits import MAX_SOURCE

TEMPLATE_NAMES: Final[Collection[str]] = frozenset(
    {"user", "server", "channel", "options", "settings", "vars", "bot", "now"}
)
"""What a template may refer to; `context.Context` holds the values."""

_VARIABLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,31}")


class Fields(BaseModel):
    """The parameters of an action. Unknown ones are refused, and texts are not taken for numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _check_name(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        message = "A name has up to 32 small letters, digits and _, and starts with no digit."
        raise PydanticCustomError("bad_value", message)
    return name


VariableName = Annotated[
    str, AfterValidator(_check_name), WithJsonSchema({"type": "string", "pattern": _VARIABLE.pattern})
]
"""The name of a variable, as templates write it after `vars.`."""


@dataclass(frozen=True, slots=True)
class TemplateText:
    """Marks a parameter that is a template: `Annotated[Template, TemplateText(2000)]`.

    Attributes:
        max_output: characters that the filled-in text may have.
        has_lines: whether authors write several lines into it.
    """

    max_output: int
    has_lines: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate a text by parsing it, so that what is stored in the model is ready to be filled in."""
        del source, handler
        return core_schema.no_info_after_validator_function(self._compile, core_schema.str_schema())

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe it as text in the format `liquid`; `x-max-output` counts the text that comes out."""
        del schema, handler
        return {
            "type": "string",
            "format": "liquid",
            "maxLength": MAX_SOURCE,
            "x-max-output": self.max_output,
            "x-has-lines": self.has_lines,
        }

    def _compile(self, source: str) -> Template:
        try:
            return Template.compile(source, self.max_output, TEMPLATE_NAMES)
        except TemplateSyntaxError as error:
            details = {"reason": error.message, "line": error.line, "column": error.column}
            raise PydanticCustomError("template_syntax", "{reason}", details) from error
        except TemplateTooLongError as error:
            raise PydanticCustomError("text_too_long", "{reason}", {"reason": error.message}) from error
