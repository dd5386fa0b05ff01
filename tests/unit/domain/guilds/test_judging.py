"""What a bot may do in a server against what it needs there."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.guilds.policy import PERMISSIONS, judge, list_permissions, name_permissions
from socialcube.domain.guilds.types import GuildView, PermissionNeed, PlaceSight, Verdict
from socialcube.kernel.ids import new_id
from tests.fakes.clock import START

SEND, VIEW = PERMISSIONS["SEND_MESSAGES"].mask, PERMISSIONS["VIEW_CHANNEL"].mask
ROLES, BAN = PERMISSIONS["MANAGE_ROLES"].mask, PERMISSIONS["BAN_MEMBERS"].mask
ADMIN = PERMISSIONS["ADMINISTRATOR"].mask
EVERYTHING = (1 << 63) - 1
CHANNELS = {41: "alerts"}


def make_place(permissions: int, **changes: Any) -> PlaceSight:
    guild = GuildView(new_id(), "discord", 31, "Garden", None, None, permissions, START, START)
    return PlaceSight(new_id(), guild, **changes)


def need(permission: str = "MANAGE_ROLES", why: str = "for /welcome", **changes: Any) -> PermissionNeed:
    return PermissionNeed(permission, why, **changes)


def test_a_bot_that_only_answers_needs_nothing() -> None:
    fit = judge(make_place(0), [], {})
    assert (fit.verdict, fit.lacks, fit.excess, fit.needed) == (Verdict.FITS, (), (), 0)


def test_a_missing_permission_names_all_commands_that_need_it_once() -> None:
    fit = judge(make_place(SEND), [need(), need(), need(why="for /color")], {})
    assert [(lack.label, lack.why) for lack in fit.lacks] == [("Manage Roles", "for /welcome, for /color")]
    assert fit.verdict is Verdict.TOO_LITTLE
    assert fit.needed == ROLES


@pytest.mark.parametrize(
    "need_of",
    [need(guild_id=32), need("NOT_A_PERMISSION_OF_TODAY")],
    ids=["another server", "unknown"],
)
def test_a_need_of_elsewhere_or_of_another_day_does_not_count(need_of: PermissionNeed) -> None:
    assert judge(make_place(0), [need_of], {}).lacks == ()


def test_a_command_that_is_switched_off_there_needs_nothing() -> None:
    key = new_id()
    fit = judge(make_place(ROLES, disabled_commands=frozenset({key})), [need(command_id=key)], {})
    assert (fit.lacks, fit.needed) == ((), 0)
    assert [permission.label for permission in fit.excess] == ["Manage Roles"]


def test_what_is_needed_is_not_too_much() -> None:
    assert judge(make_place(ROLES), [need()], {}).verdict is Verdict.FITS


def test_what_everybody_there_may_do_is_not_too_much() -> None:
    assert judge(make_place(BAN, everyone=BAN), [], {}).verdict is Verdict.FITS


def test_a_weak_permission_is_never_too_much() -> None:
    assert judge(make_place(SEND | VIEW), [], {}).excess == ()


def test_an_administrator_has_one_thing_too_much_and_lacks_nothing() -> None:
    fit = judge(make_place(EVERYTHING, log_channel_id=41), [need()], CHANNELS)
    assert [permission.label for permission in fit.excess] == ["Administrator"]
    assert (fit.lacks, fit.verdict) == ((), Verdict.TOO_MUCH)


def test_the_log_channel_needs_to_be_seen_and_written_in() -> None:
    fit = judge(make_place(VIEW, log_channel_id=41), [], CHANNELS)
    assert [(lack.label, lack.place) for lack in fit.lacks] == [("Send Messages", "#alerts")]
    assert fit.needed == VIEW | SEND


def test_a_rule_of_the_log_channel_itself_counts_more_than_the_server() -> None:
    shut = make_place(VIEW | SEND, log_channel_id=41, channel_permissions={41: VIEW})
    assert [lack.label for lack in judge(shut, [], CHANNELS).lacks] == ["Send Messages"]
    opened = make_place(0, log_channel_id=41, channel_permissions={41: VIEW | SEND})
    assert judge(opened, [], CHANNELS).lacks == ()


def test_a_log_channel_that_is_gone_is_said_to_administrators_too() -> None:
    [lack] = judge(make_place(ADMIN, log_channel_id=42), [], CHANNELS).lacks
    assert "the one that was chosen is gone" in lack.why


@given(st.integers(0, EVERYTHING), st.integers(0, EVERYTHING))
def test_no_permission_is_both_missing_and_too_much(held: int, everyone: int) -> None:
    fit = judge(make_place(held, everyone=everyone, log_channel_id=41), [need()], CHANNELS)
    assert not {lack.label for lack in fit.lacks} & {permission.label for permission in fit.excess}


def test_every_permission_has_a_bit_of_its_own() -> None:
    bits = [permission.bit for permission in PERMISSIONS.values()]
    assert len(bits) == len(set(bits))
    assert list_permissions(EVERYTHING) == tuple(PERMISSIONS.values())
    assert name_permissions(BAN | SEND | 1 << 60) == "Ban Members, Send Messages"
