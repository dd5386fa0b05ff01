"""What bots' accounts look like: name, picture, banner."""

import base64
import hashlib
from dataclasses import dataclass

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.ratelimits import Buckets, Limit
from socialcube.sandbox.world.changes import UserChanged
from socialcube.sandbox.world.core import Core
from socialcube.sandbox.world.records import User


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that somebody uploaded: its media type, like `image/png`, and its bytes."""

    media_type: str
    content: bytes


_TOO_FAST = {
    "code": "USERNAME_RATE_LIMIT",
    "message": "You are changing your username or Discord Tag too fast. Try again later.",
}


class Profiles:
    """Reads and changes accounts. Every change is told on the feed."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._renamings = Buckets(core.clock)

    def rename(self, user_id: int, username: str) -> None:
        """Change a username.

        Raises:
            InvalidFormError: it was changed twice within an hour. Discord answers with a 400 here, not
                with a 429, and wants nobody to try again by a timer (discord-api-docs, issue 1462).
        """
        user, limits = self._core.get_user(user_id), self._core.limits
        if user.username == username:
            return
        window = Limit(limits.renamings, limits.renaming_seconds)
        if not self._renamings.take(str(user_id), window).allowed:
            raise InvalidFormError({"username": {"_errors": [_TOO_FAST]}})
        user.username = username
        self._core.feed.publish(UserChanged(user_id))

    def set_avatar(self, user_id: int, picture: Picture | None) -> None:
        """Show another picture, or (None) none at all."""
        user = self._core.get_user(user_id)
        old, user.avatar = user.avatar, self._keep(picture) or ""
        self._forget(old)
        self._core.feed.publish(UserChanged(user_id))

    def set_banner(self, user_id: int, picture: Picture | None) -> None:
        """Show another banner, or (None) none at all."""
        user = self._core.get_user(user_id)
        old, user.banner = user.banner, self._keep(picture)
        self._forget(old)
        self._core.feed.publish(UserChanged(user_id))

    def find_picture(self, user: User, name: str) -> Picture | None:
        """Give the picture of this name when the account shows it, as avatar or as banner."""
        if not name or name not in {user.avatar, user.banner}:
            return None
        head, _, packed = self._core.state.pictures[name].partition(",")
        media_type = head.removeprefix("data:").removesuffix(";base64")
        return Picture(media_type, base64.b64decode(packed))

    def forget_renamings(self) -> None:
        """Let every account be renamed again, for a world that starts again."""
        self._renamings.clear()

    def _keep(self, picture: Picture | None) -> str | None:
        """Store a picture. Gives its name, which on Discord begins with `a_` when it moves."""
        if picture is None:
            return None
        digest = hashlib.blake2b(picture.content, digest_size=16).hexdigest()
        name = f"a_{digest}" if picture.media_type == "image/gif" else digest
        packed = base64.b64encode(picture.content).decode()
        self._core.state.pictures[name] = f"data:{picture.media_type};base64,{packed}"
        return name

    def _forget(self, name: str | None) -> None:
        """Drop a picture that no account shows any more."""
        users = self._core.state.users.values()
        if name and not any(name in {user.avatar, user.banner} for user in users):
            self._core.state.pictures.pop(name, None)
