"""The shape of a presence: as forms send it, and as the table keeps it."""

from collections.abc import Mapping
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from socialcube.domain.bots.errors import InvalidPresenceError
from socialcube.domain.bots.types import MAX_ACTIVITY_LENGTH, ActivityKind, Presence, Status
from socialcube.kernel.text import is_one_line

_PROBLEMS: Final = {
    "status": "there is no such status",
    "activity": "there is no such activity",
    "text": f"the text is longer than {MAX_ACTIVITY_LENGTH} characters",
}


class PresenceDocument(BaseModel):
    """What a bot shows of itself.

    Attributes:
        status: the dot beside its name.
        activity: what it says that it does, None for nothing.
        text: what it does; belongs to the activity, and is dropped without one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status = Status.ONLINE
    activity: ActivityKind | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_ACTIVITY_LENGTH)] = ""

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.activity is None:
            return self.model_copy(update={"text": ""})
        if not self.text:
            raise ValueError("the activity has no text")
        if not is_one_line(self.text):
            raise ValueError("the text is not on one line")
        return self


def parse_presence(given: Mapping[str, object]) -> Presence:
    """Make a presence of what somebody sent: `status`, `activity`, `text`.

    Raises:
        InvalidPresenceError: it says what is wrong.
    """
    try:
        document = PresenceDocument.model_validate(dict(given))
    except ValidationError as error:
        raise InvalidPresenceError(problem=_problem_of(error)) from error
    return Presence(document.status, document.activity, document.text)


def read_presence(stored: Mapping[str, object] | None) -> Presence:
    """Give what is stored, and the plain one where nothing is.

    What a newer release stored and this one does not know must not keep a bot from starting.
    """
    try:
        return parse_presence(stored or {})
    except InvalidPresenceError:
        return Presence()


def presence_to_json(presence: Presence) -> dict[str, str | None]:
    """Give what the table keeps."""
    return {"status": presence.status, "activity": presence.activity, "text": presence.text}


def _problem_of(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    cause = first.get("ctx", {}).get("error")
    return str(cause) if cause is not None else _PROBLEMS.get(str(first["loc"][0]), "it has unknown parts")
