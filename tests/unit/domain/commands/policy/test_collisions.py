"""Commands of several bots under one name."""

from uuid import UUID

from socialcube.domain.commands.policy import find_collisions
from socialcube.domain.commands.types import Collision, CommandKey
from socialcube.kernel.ids import new_id

FERN, MOSS, OAK = new_id(), new_id(), new_id()
LIVE: dict[UUID, list[CommandKey]] = {
    FERN: [(None, "hello"), (31, "roll"), (None, "roll")],
    MOSS: [(31, "hello"), (32, "roll")],
    OAK: [(None, "hello")],
}


def test_names_collide_in_a_server_whether_global_or_only_there() -> None:
    assert find_collisions(LIVE, [FERN, MOSS], 31) == (Collision("hello", (FERN, MOSS), frozenset({MOSS})),)


def test_commands_of_other_servers_do_not_collide() -> None:
    assert [found.name for found in find_collisions(LIVE, [FERN, MOSS], 32)] == ["roll"]
    assert find_collisions(LIVE, [FERN, MOSS], 33) == ()


def test_a_bot_does_not_collide_with_itself_nor_with_one_that_is_not_there() -> None:
    assert find_collisions(LIVE, [FERN], 31) == ()
    assert find_collisions(LIVE, [FERN, new_id()], 31) == ()
