"""What a bot's log says of its servers."""

from socialcube.domain.guilds.policy import (
    PERMISSIONS,
    tell_leaving,
    tell_missed_leaving,
    tell_sighting,
    tell_unavailable,
)
from socialcube.domain.guilds.types import PlaceBefore
from tests.factories.guilds import make_guild

SEND, BAN = PERMISSIONS["SEND_MESSAGES"].mask, PERMISSIONS["BAN_MEMBERS"].mask
EVERYTHING = (1 << 63) - 1


def before(
    name: str = "Garden", permissions: int = SEND, *, is_there: bool = True, is_unavailable: bool = False
) -> PlaceBefore:
    return PlaceBefore(name, permissions, is_there, is_unavailable)


def tell(known: PlaceBefore | None, *, joined: bool = False, **changes: object) -> list[tuple[str, str]]:
    now = make_guild(**({"external_id": 31, "name": "Garden", "permissions": SEND} | changes))
    return [(item.kind, item.sentence) for item in tell_sighting(known, now, joined=joined)]


def test_nothing_new_is_not_told() -> None:
    assert tell(before()) == []


def test_servers_of_a_first_start_are_not_told_one_by_one() -> None:
    assert tell(None) == []


def test_joining_is_told_alone() -> None:
    assert tell(None, joined=True) == [("guild_joined", "Was added to Garden.")]
    assert tell(before(is_there=False), permissions=BAN) == [("guild_joined", "Was added to Garden.")]


def test_a_new_name_and_new_permissions_are_told() -> None:
    assert tell(before(), name="Park", permissions=BAN) == [
        ("guild_renamed", "Garden is called Park now."),
        ("guild_permissions", "In Park it may now: Ban Members; may no longer: Send Messages."),
    ]


def test_administrator_stands_for_all_that_it_brings() -> None:
    assert tell(before(), permissions=EVERYTHING) == [
        ("guild_permissions", "In Garden it may now: Administrator.")
    ]
    assert tell(before(permissions=EVERYTHING)) == [
        ("guild_permissions", "In Garden it may no longer: Administrator.")
    ]


def test_an_administrator_that_gets_one_permission_more_may_do_nothing_new() -> None:
    assert tell(before(permissions=EVERYTHING & ~BAN), permissions=EVERYTHING) == []


def test_less_is_a_warning_and_more_is_none() -> None:
    [less] = tell_sighting(before(), make_guild(name="Garden", permissions=0), joined=False)
    [more] = tell_sighting(before(), make_guild(name="Garden", permissions=SEND | BAN), joined=False)
    assert (less.is_warning, more.is_warning) == (True, False)


def test_a_permission_without_a_name_here_is_not_told() -> None:
    assert tell(before(), permissions=SEND | 1 << 61) == []


def test_a_server_that_is_back_is_told() -> None:
    assert tell(before(is_unavailable=True)) == [("guild_back", "Garden can be reached again.")]


def test_leaving_says_who_wanted_it() -> None:
    assert tell_leaving(31, "Garden", wanted=True).sentence == "Left Garden, as somebody asked here."
    assert tell_leaving(31, "", wanted=False).sentence == "Was removed from a server."
    assert tell_missed_leaving(1).sentence == "Was removed from a server while it did not run."
    assert tell_missed_leaving(3).sentence == "Was removed from 3 servers while it did not run."


def test_an_outage_says_that_the_bot_is_still_there() -> None:
    news = tell_unavailable(31, "Garden")
    assert "The bot is still a member" in news.sentence
    assert news.is_warning


def test_names_cannot_act_on_a_terminal() -> None:
    [(_, sentence)] = tell(None, joined=True, name="Gar\u202eden\x1b[2J")
    assert "\u202e" not in sentence
    assert "\x1b" not in sentence
