from uuid import UUID

import pytest

from socialcube.domain.access.types import BOT_PERMISSIONS, Actor, Permission
from socialcube.domain.accounts.errors import NotYoursToGiveError
from socialcube.domain.accounts.policy.giving import (
    holdings_of,
    holds_at,
    may_give,
    require_may_give,
    require_may_manage,
    require_may_move,
)
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole, Place
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor, make_owner

BOT, OTHER, GROUP = UUID(int=101), UUID(int=102), UUID(int=201)
ON_BOT, ON_GROUP, SITE = Place(BOT), Place(group_id=GROUP), Place()
OWNER, VIEWER, HELD = (
    BUILT_IN_ROLES[BuiltInRole.OWNER],
    BUILT_IN_ROLES[BuiltInRole.VIEWER],
    BUILT_IN_ROLES[BuiltInRole.MANAGER].permissions,
)


def manager(*bot_ids: UUID) -> Actor:
    return Actor.user(UUID(int=1), bot_permissions=dict.fromkeys(bot_ids, HELD))


def test_a_role_on_a_bot_or_a_group_gives_nothing_on_the_site() -> None:
    assert holdings_of(OWNER, ON_BOT) == holdings_of(OWNER, ON_GROUP) == BOT_PERMISSIONS
    assert holdings_of(OWNER, SITE) == frozenset(Permission)


def test_one_can_give_only_what_one_holds_there() -> None:
    require_may_give(manager(BOT), BUILT_IN_ROLES[BuiltInRole.MANAGER], ON_BOT, {BOT})
    with pytest.raises(NotYoursToGiveError, match="delete it"):
        require_may_give(manager(BOT), OWNER, ON_BOT, {BOT})
    for place, covered in ((Place(OTHER), {OTHER}), (SITE, set[UUID]()), (ON_GROUP, {BOT, OTHER})):
        with pytest.raises(NotYoursToGiveError):
            require_may_give(manager(BOT), VIEWER, place, covered)


@pytest.mark.parametrize(
    ("actor", "place", "covered", "may"),
    [
        (manager(BOT), ON_BOT, {BOT}, True),
        (manager(BOT), ON_GROUP, {BOT}, True),
        (manager(BOT), ON_GROUP, {BOT, OTHER}, False),
        (manager(BOT, OTHER), ON_GROUP, {BOT, OTHER}, True),
        (manager(BOT), ON_GROUP, set(), False),
        (manager(BOT, OTHER), SITE, set(), False),
        (make_actor(*HELD), ON_GROUP, set(), True),
        (make_actor(*HELD), SITE, set(), False),
        (make_owner(), SITE, set(), True),
    ],
)
def test_managing_a_place_is_managing_all_that_it_covers(
    actor: Actor, place: Place, covered: set[UUID], *, may: bool
) -> None:
    assert may_give(actor, VIEWER, place, covered) is may
    if may:
        require_may_manage(actor, place, covered)
    else:
        with pytest.raises(ForbiddenError):
            require_may_manage(actor, place, covered)


def test_what_belongs_to_the_site_is_held_on_no_group() -> None:
    actor = Actor.user(UUID(int=1), bot_permissions={BOT: frozenset(Permission)})
    assert not holds_at(actor, Permission.SITE_ADMIN, ON_GROUP, {BOT})
    assert holds_at(actor, Permission.BOT_DELETE, ON_GROUP, {BOT})


def test_bots_are_moved_by_who_holds_there_what_others_gain_or_lose() -> None:
    require_may_move(manager(BOT), [VIEWER], [BOT])
    require_may_move(manager(), [VIEWER], [])
    require_may_move(manager(), [], [BOT])
    with pytest.raises(NotYoursToGiveError):
        require_may_move(manager(BOT), [VIEWER], [BOT, OTHER])
    with pytest.raises(NotYoursToGiveError, match="delete it"):
        require_may_move(manager(BOT), [VIEWER, OWNER], [BOT])
