"""API keys for tests."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.api_keys import service
from socialcube.domain.api_keys.types import DEFAULT_LIFE, ApiKeyView
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys

PEPPERS = SigningKeys([Secret("p" * 32)], "tests")


def make_api_key(
    uow: UnitOfWork,
    user_id: UUID,
    *scopes: Permission,
    name: str = "Night script",
    bots: Collection[UUID] | None = None,
    life: timedelta = DEFAULT_LIFE,
    peppers: SigningKeys = PEPPERS,
) -> tuple[ApiKeyView, str]:
    """Make a key of a person and give it with its text. It may look at bots unless told otherwise."""
    view, key = service.make_key(
        uow,
        Actor("user", str(user_id)),
        peppers,
        user_id=user_id,
        name=name,
        scopes=scopes or (Permission.BOT_VIEW,),
        bot_ids=bots,
        life=life,
    )
    return view, key.reveal()
