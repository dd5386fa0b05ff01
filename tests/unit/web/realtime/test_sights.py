from uuid import UUID

import pytest

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.logs.types import Stream
from socialcube.web.realtime.sights import find_sight, narrow
from tests.factories.access import make_actor, make_owner
from tests.factories.logs import (
    BOT,
    OTHER_BOT,
    make_bot_log,
    make_command_log,
    make_error_log,
    make_request_log,
)

OF_ONE_BOT = make_actor(Permission.LOG_VIEW, bot_id=BOT)


@pytest.mark.parametrize("stream", list(Stream))
def test_nobody_without_a_permission_sees_anything(stream: Stream) -> None:
    assert find_sight(Actor("user", "ann"), stream) is None


@pytest.mark.parametrize("make", [make_command_log, make_bot_log, make_error_log])
def test_a_person_sees_rows_of_granted_bots_only(make: type) -> None:
    record = make(bot_id=BOT)
    sight = find_sight(OF_ONE_BOT, record.stream)
    assert sight is not None
    assert sight.allows(record)
    assert not sight.allows(make(bot_id=OTHER_BOT))
    assert sight.bot_ids(None) == frozenset({BOT})
    assert sight.bot_ids(frozenset({OTHER_BOT})) == frozenset()


def test_requests_need_the_right_to_see_the_system() -> None:
    assert find_sight(make_actor(Permission.LOG_VIEW), Stream.REQUESTS) is None
    sight = find_sight(make_actor(Permission.SYSTEM_VIEW), Stream.REQUESTS)
    assert sight is not None
    assert sight.allows(make_request_log())


def test_errors_of_no_bot_need_the_right_to_see_the_system() -> None:
    without = find_sight(make_actor(Permission.LOG_VIEW), Stream.ERRORS)
    assert without is not None
    assert not without.allows(make_error_log())
    alone = find_sight(make_actor(Permission.SYSTEM_VIEW), Stream.ERRORS)
    assert alone is not None
    assert alone.allows(make_error_log())
    assert not alone.allows(make_error_log(bot_id=BOT))


def test_people_who_may_see_the_same_have_equal_sights() -> None:
    other = make_actor(Permission.LOG_VIEW, Permission.BOT_VIEW, bot_id=BOT)
    assert find_sight(OF_ONE_BOT, Stream.COMMANDS) == find_sight(other, Stream.COMMANDS)
    assert find_sight(OF_ONE_BOT, Stream.COMMANDS) != find_sight(make_owner(), Stream.COMMANDS)


def test_chosen_bots_narrow_what_is_seen_and_never_widen_it() -> None:
    sight = find_sight(OF_ONE_BOT, Stream.COMMANDS)
    assert sight is not None
    assert narrow(Stream.COMMANDS, sight, None) == sight
    assert not narrow(Stream.COMMANDS, sight, frozenset({UUID(int=77)})).scope


def test_rows_of_the_site_are_not_among_chosen_bots() -> None:
    errors, requests = (find_sight(make_owner(), stream) for stream in (Stream.ERRORS, Stream.REQUESTS))
    assert errors is not None
    assert requests is not None
    assert not narrow(Stream.ERRORS, errors, frozenset({BOT})).sees_site
    assert narrow(Stream.REQUESTS, requests, frozenset({BOT})) == requests
