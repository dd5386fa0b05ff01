"""The shape of a command's document. Rules that look at several fields at once are in `rules`.

The numbers are Discord's (documentation, Application Commands, "Application Command Object").
"""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from socialcube.domain.commands.documents.names import find_name_problem
from socialcube.domain.commands.types import ChannelType, Context, OptionType
from socialcube.engine.spec import SCHEMA

MAX_OPTIONS: Final = 25
MAX_CHOICES: Final = 25
MAX_LABEL_LENGTH: Final = 100
MAX_TEXT_LENGTH: Final = 6_000
_MAX_PERMISSIONS: Final = (1 << 54) - 1
_MAX_PERMISSION_DIGITS: Final = 17


def _check_name(name: str) -> str:
    problem = find_name_problem(name)
    if problem:
        raise PydanticCustomError("bad_name", "{problem}", {"problem": problem})
    return name


def _check_label(text: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= MAX_LABEL_LENGTH:
        problem = f"This needs a text of 1 to {MAX_LABEL_LENGTH} characters; this one has {len(text)}."
        raise PydanticCustomError("bad_length", "{problem}", {"problem": problem})
    return text


def _check_scalar(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise PydanticCustomError("wrong_type", "This must be text or a number.")
    return value


def _check_number(value: object) -> object:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise PydanticCustomError("wrong_type", "This must be a number.")
    return value


def _check_permissions(text: str) -> str:
    digits = text.isascii() and text.isdecimal() and len(text) <= _MAX_PERMISSION_DIGITS
    if not digits or str(int(text)) != text or int(text) > _MAX_PERMISSIONS:
        raise PydanticCustomError(
            "bad_value", "These must be Discord's permission bits as a number in quotes, like “8”."
        )
    return text


def _check_contexts(contexts: tuple[Context, ...]) -> tuple[Context, ...]:
    if not contexts:
        raise PydanticCustomError("too_few", "Name at least one place, or leave this out.")
    return contexts


Name = Annotated[str, AfterValidator(_check_name)]
Label = Annotated[str, AfterValidator(_check_label)]
# `Any` keeps pydantic from naming its union branches in the place of a problem.
Scalar = Annotated[Any, BeforeValidator(_check_scalar)]
Number = Annotated[Any, BeforeValidator(_check_number)]
Contexts = Annotated[tuple[Annotated[Context, Field(strict=False)], ...], AfterValidator(_check_contexts)]
Length = Annotated[int, Field(ge=0, le=MAX_TEXT_LENGTH)]


class _Shape(BaseModel):
    """Unknown fields are refused, texts are not taken for numbers, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ChoiceDocument(_Shape):
    """One answer that a person may pick.

    Attributes:
        name: what the person sees.
        value: what the steps get, of the option's own type.
    """

    name: Label
    value: Scalar


class OptionDocument(_Shape):
    """One typed field of a command.

    Attributes:
        choices: the only answers there are, for string, integer and number.
        min_value, max_value: bounds of an integer or number.
        min_length, max_length: bounds of a string's length.
        channel_types: the only channels to pick from; all when empty.
    """

    name: Name
    type: OptionType = Field(strict=False)
    description: Label
    required: bool = False
    choices: tuple[ChoiceDocument, ...] = Field((), max_length=MAX_CHOICES, strict=False)
    min_value: Number = None
    max_value: Number = None
    min_length: Length | None = None
    max_length: Length | None = None
    channel_types: tuple[Annotated[ChannelType, Field(strict=False)], ...] = Field((), strict=False)


class CommandDocument(_Shape):
    """A command as its author wrote it. `checking.parse` makes one that keeps every rule.

    Attributes:
        schema_version: version of the form, `schema` in the file.
        default_member_permissions: permission bits that a member needs by default, as a decimal text;
            “0” is for administrators only, None for everybody.
        nsfw: whether it is for age-restricted channels only.
        contexts: where it is offered.
        steps: what it does, in the engine's form.
    """

    schema_version: int = Field(SCHEMA, alias="schema")
    name: Name
    description: Label
    options: tuple[OptionDocument, ...] = Field((), max_length=MAX_OPTIONS, strict=False)
    default_member_permissions: Annotated[str, AfterValidator(_check_permissions)] | None = None
    nsfw: bool = False
    contexts: Contexts = Field((Context.GUILD, Context.BOT_DM), strict=False)
    steps: list[Any] = Field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Give the document as plain JSON data, without what only repeats a default."""
        rest = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"steps"})
        return {"schema": self.schema_version, **rest, "steps": self.steps}

    def engine_part(self) -> dict[str, Any]:
        """Give the part that the engine reads: the steps and their schema."""
        return {"schema": self.schema_version, "steps": self.steps}
