"""One tree of failures. A class per failure; its docstring is its message; shells translate once."""

from collections.abc import Mapping
from typing import ClassVar


class SocialCubeError(Exception):
    """Something went wrong inside Social Cube."""

    code: ClassVar[str] = "internal_error"
    remedy: ClassVar[str] = ""

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """Give the class docstring's first paragraph with the details filled in. Safe to show."""
        template = (type(self).__doc__ or "").split("\n\n", maxsplit=1)[0]
        return " ".join(template.split()).format_map(_Details(self.details))


class InvalidInputError(SocialCubeError):
    """The input is not valid: {reason}."""

    code = "invalid_input"


class NotFoundError(SocialCubeError):
    """There is no such {kind}."""

    code = "not_found"


class ConflictError(SocialCubeError):
    """The change collides with another one."""

    code = "conflict"


class VersionConflictError(ConflictError):
    """Somebody else changed this in the meantime.

    Attributes:
        stored: what is there now, so that an editor can show both; empty where the failure tells only that.
    """

    code = "version_conflict"
    remedy = "Look at both values, then save again or leave it as it is."

    def __init__(self, *, stored: Mapping[str, object] | None = None, **details: object) -> None:
        self.stored: Mapping[str, object] = stored or {}
        super().__init__(**details)


class ForbiddenError(SocialCubeError):
    """You may not do this: it needs the permission {permission}."""

    code = "forbidden"


class UnauthenticatedError(SocialCubeError):
    """You are not signed in, or no longer."""

    code = "unauthenticated"
    remedy = "Sign in, then try again. Nothing was changed."


class TooManyTriesError(SocialCubeError):
    """That was tried too often."""

    code = "too_many_tries"
    remedy = "Wait a few minutes, then try again."


class UnavailableError(SocialCubeError):
    """{service} cannot be reached right now."""

    code = "unavailable"


class _Details(dict[str, object]):
    """Fills a missing detail with its own name, so that a message never fails to render."""

    def __missing__(self, key: str) -> str:
        return f"({key})"
