"""Every address of the API, for keys of everybody: their scopes, as far as their maker may the same now."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from socialcube.domain.access.types import BOT_PERMISSIONS, Permission
from tests.security.matrix.asking import Browser
from tests.security.matrix.conftest import Matrix
from tests.security.matrix.holders import BY_GROUP, ELSEWHERE, ROLES, SITE_OWNER
from tests.security.matrix.model import FOREIGN, OWN, Holder, Row
from tests.security.matrix.table import API
from tests.security.matrix.test_panel import try_all
from tests.security.matrix.world import store_key

NEVER = frozenset({Permission.MEMBER_MANAGE, Permission.APIKEY_MANAGE, Permission.SITE_ADMIN})
ON_BOT = BOT_PERMISSIONS - NEVER

BY_MAKER = {
    # No key works where its maker may not make keys.
    "viewer": Holder("key of a viewer"),
    "operator": Holder("key of an operator"),
    "editor": Holder("key of an editor"),
    "manager": Holder("key of a manager", bots={OWN: ROLES["manager"] - NEVER}),
    "owner": Holder("key of an owner", bots={OWN: ON_BOT}),
    BY_GROUP.name: Holder("key of a manager by group", bots={OWN: ROLES["manager"] - NEVER}),
    ELSEWHERE.name: Holder("key from elsewhere", bots={FOREIGN: ON_BOT}),
    SITE_OWNER.name: Holder("key of the site's owner", site=frozenset(Permission) - NEVER),
}
"""What a key with every scope can do, by the name of its maker."""

NO_KEY = Holder("no key", is_signed_in=False)
COOKIE = Holder("a cookie in place of a key", is_signed_in=False)
WRONG = Holder("a wrong key", is_signed_in=False)
REVOKED = Holder("a revoked key", is_signed_in=False)
EXPIRED = Holder("an expired key", is_signed_in=False)
LIMITED = Holder("key for one bot", bots={OWN: ON_BOT})
SCOPES = sorted({permission for row in API for permission in row.needs})


@pytest.fixture(scope="module")
def keys(matrix: Matrix) -> dict[str, Browser]:
    """Give what shows who asks, by the holder's name."""
    makers = {name: matrix.people[name].user.id for name in BY_MAKER}
    owner, now = makers[SITE_OWNER.name], matrix.site.clock.now()
    with matrix.site.unit() as uow:

        def make(user_id: UUID, scopes: frozenset[Permission] = frozenset(Permission), **more: object) -> str:
            return store_key(matrix.site, uow, user_id, scopes, **more)[1]

        made = {BY_MAKER[name].name: make(user_id) for name, user_id in makers.items()}
        made |= {
            LIMITED.name: make(owner, bot_ids=[matrix.world.words[OWN]["bot_id"]]),
            REVOKED.name: make(owner, revoked_at=now),
            EXPIRED.name: make(owner, expires_at=now - timedelta(seconds=1)),
        }
        for scope in SCOPES:
            made[_only(scope).name] = make(owner, frozenset({scope}))
            made[_without(scope).name] = make(owner, frozenset(Permission) - {scope})
        made[WRONG.name] = f"{made[LIMITED.name][:-7]}{'0' * 7}"
        uow.commit()
    matrix.snapshot.keep()
    shown = {name: Browser("", "", key) for name, key in made.items()}
    cookie = matrix.browsers[SITE_OWNER.name]
    return shown | {NO_KEY.name: Browser("", ""), COOKIE.name: cookie}


@pytest.mark.parametrize("row", API, ids=lambda row: row.title)
def test_asvs_8_2_1_a_key_gets_what_the_table_says(
    matrix: Matrix, keys: dict[str, Browser], row: Row
) -> None:
    failures = [
        f"{row.title} · {holder.name} · {thing}: {problem}"
        for holder in _holders_of(row)
        for thing, problem in try_all(matrix, row, holder, keys[holder.name])
    ]
    assert not failures, "\n" + "\n".join(failures)


def _holders_of(row: Row) -> Iterator[Holder]:
    yield from (NO_KEY, COOKIE, WRONG, REVOKED, EXPIRED, LIMITED, *BY_MAKER.values())
    for scope in sorted(row.needs):
        yield _only(scope)
        yield _without(scope)


def _only(scope: Permission) -> Holder:
    return Holder(f"key for {scope} alone", site=frozenset({scope}))


def _without(scope: Permission) -> Holder:
    return Holder(f"key without {scope}", site=frozenset(Permission) - NEVER - {scope})
