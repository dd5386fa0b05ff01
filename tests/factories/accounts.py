"""People for tests."""

from itertools import count
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import service
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole, Profile, UserView

SYSTEM = Actor.system("tests")

_external_ids = count(90_000)


def make_profile(name: str = "ann", *, external_id: int | None = None) -> Profile:
    """Make a profile as the platform gives it, of a new person unless the id says who."""
    return Profile(external_id or next(_external_ids), name, name.capitalize())


def make_user(
    uow: UnitOfWork,
    name: str = "ann",
    *,
    role: BuiltInRole | None = None,
    bot_id: UUID | None = None,
    external_id: int | None = None,
) -> UserView:
    """Store a person who signed in once, with a role on the site or on a bot."""
    user = service.sign_in(uow, make_profile(name, external_id=external_id))
    if role is not None:
        role_id = BUILT_IN_ROLES[role].id
        service.grant_role(uow, SYSTEM, user_id=user.id, role_id=role_id, bot_id=bot_id)
    return user
