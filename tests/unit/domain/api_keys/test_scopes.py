from uuid import UUID

import pytest

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.api_keys.errors import InvalidKeyError
from socialcube.domain.api_keys.policy.scopes import (
    NEVER,
    check_scopes,
    list_offered,
    make_key_actor,
)
from socialcube.kernel.errors import ForbiddenError

FERN, MOSS, KEY = UUID(int=1), UUID(int=2), UUID(int=9)
VIEW, CONTROL, MANAGE = Permission.BOT_VIEW, Permission.BOT_CONTROL, Permission.APIKEY_MANAGE
EVERYTHING = frozenset(Permission)


def maker(site: set[Permission] | None = None, **bots: set[Permission]) -> Actor:
    ids = {"fern": FERN, "moss": MOSS}
    held = {ids[name]: frozenset(permissions) for name, permissions in bots.items()}
    return Actor.user(UUID(int=5), frozenset(site or ()), held)


def test_a_key_never_exceeds_what_its_maker_holds_now() -> None:
    key = make_key_actor(KEY, EVERYTHING, None, maker(fern={VIEW, MANAGE}))
    assert str(key) == f"key:{KEY}"
    assert key.permissions == frozenset()
    assert key.bot_permissions == {FERN: {VIEW}}


def test_a_key_never_exceeds_its_scopes() -> None:
    key = make_key_actor(KEY, frozenset({VIEW}), None, maker(set(EVERYTHING)))
    assert key.permissions == {VIEW}
    assert not can(key, CONTROL, Subject.bot(FERN))


@pytest.mark.parametrize("permission", sorted(NEVER))
@pytest.mark.parametrize("bots", [None, frozenset({FERN})])
def test_no_key_makes_keys_grants_or_changes_the_site(
    permission: Permission, bots: frozenset[UUID] | None
) -> None:
    key = make_key_actor(KEY, EVERYTHING, bots, maker(set(EVERYTHING), fern=set(EVERYTHING)))
    assert not can(key, permission, Subject.bot(FERN))


def test_a_limited_key_reaches_its_bots_alone_and_never_the_site() -> None:
    key = make_key_actor(KEY, EVERYTHING, frozenset({FERN}), maker(set(EVERYTHING)))
    assert key.permissions == frozenset()
    assert set(key.bot_permissions) == {FERN}
    assert can(key, CONTROL, Subject.bot(FERN))
    assert not can(key, VIEW, Subject.bot(MOSS))
    assert not can(key, Permission.BOT_CREATE)


def test_a_key_works_only_where_its_maker_may_make_keys() -> None:
    person = maker(fern={VIEW, MANAGE}, moss={VIEW, CONTROL})
    assert set(make_key_actor(KEY, EVERYTHING, None, person).bot_permissions) == {FERN}
    assert make_key_actor(KEY, EVERYTHING, frozenset({MOSS}), person).bot_permissions == {}


def test_more_on_one_bot_than_on_the_site_counts_there() -> None:
    key = make_key_actor(KEY, EVERYTHING, None, maker({VIEW, MANAGE}, fern={CONTROL}))
    assert key.permissions == {VIEW}
    assert key.bot_permissions == {FERN: {VIEW, CONTROL}}


def test_a_maker_who_holds_nothing_makes_the_key_powerless() -> None:
    for bots in (None, frozenset({FERN})):
        key = make_key_actor(KEY, EVERYTHING, bots, maker())
        assert (key.permissions, dict(key.bot_permissions)) == (frozenset(), {})


def test_what_the_maker_holds_may_be_put_into_a_key() -> None:
    assert check_scopes(maker(fern={VIEW, MANAGE}), ["bot.view"], None) == {VIEW}
    assert check_scopes(maker(fern={VIEW, MANAGE}), ["bot.view"], frozenset({FERN})) == {VIEW}
    assert check_scopes(maker({Permission.BOT_CREATE, MANAGE}), ["bot.create"], None)


@pytest.mark.parametrize(
    ("scopes", "bots", "words"),
    [
        ([], None, "allows nothing"),
        (["bot.fly"], None, "does not exist"),
        (["site.admin"], None, "no key may do this: site.admin"),
        (["member.manage", "apikey.manage"], None, "apikey.manage, member.manage"),
        (["bot.create"], frozenset({FERN}), "cannot be limited to bots"),
        (["bot.control"], None, "may not do this yourself"),
        (["bot.view"], frozenset(), "reaches no bot"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(
    scopes: list[str], bots: frozenset[UUID] | None, words: str
) -> None:
    with pytest.raises(InvalidKeyError, match=words):
        check_scopes(maker({VIEW, MANAGE, Permission.BOT_CREATE}), scopes, bots)


@pytest.mark.parametrize("bots", [None, frozenset({FERN}), frozenset({FERN, MOSS})])
def test_who_may_make_no_keys_there_is_refused(bots: frozenset[UUID] | None) -> None:
    person = maker(fern={VIEW}, moss={VIEW, MANAGE} if bots else {VIEW})
    with pytest.raises(ForbiddenError):
        check_scopes(person, ["bot.view"], bots)


def test_only_what_may_be_in_a_key_is_offered() -> None:
    assert list_offered(maker(set(EVERYTHING))) == EVERYTHING - NEVER
    assert list_offered(maker(fern={VIEW, MANAGE}, moss={CONTROL})) == {VIEW}
