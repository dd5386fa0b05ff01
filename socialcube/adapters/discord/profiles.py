"""Changes what people see of a bot at Discord."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from discord.http import Route

from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import PlatformUnreachableError
from socialcube.domain.bots.types import Profile, ProfileField, ProfilePicture

_NAMES: Final = {
    ProfileField.NAME: "username",
    ProfileField.AVATAR: "avatar",
    ProfileField.BANNER: "banner",
}


async def edit_profile(
    rest: RestClient, changes: Mapping[ProfileField, str | ProfilePicture | None]
) -> Profile:
    """Change parts of the bot's user and give how it looks now (Discord docs, User, "Modify Current User").

    Raises:
        CallRefusedError, PlatformUnreachableError, LeaseLostError: as `RestClient.request`.
    """
    body = {_NAMES[field]: _value(value) for field, value in changes.items()}
    return _read(await rest.request(Route("PATCH", "/users/@me"), json=body))


def _value(value: str | ProfilePicture | None) -> str | None:
    """Give a picture as a data URI (Discord docs, Reference, "Image Data")."""
    if isinstance(value, ProfilePicture):
        return f"data:{value.media_type};base64,{b64encode(value.content).decode()}"
    return value


def _read(user: Any) -> Profile:
    try:
        return Profile(str(user["username"]), user.get("avatar"), user.get("banner"))
    except (KeyError, TypeError, AttributeError) as error:
        raise PlatformUnreachableError(reason="its answer about the bot made no sense") from error
