import json
from collections import deque

import pytest

from socialcube.sandbox.gateway.session import Session


def make_session(*, intents: int = 1, shard: tuple[int, int] = (0, 1), kept: int = 3) -> Session:
    return Session("s", 5001, "token", intents, shard, deque(maxlen=kept))


def test_events_are_numbered_from_one_and_kept() -> None:
    session = make_session()
    session.dispatch("READY", {"v": 10})
    session.dispatch("X", None)

    assert [json.loads(text) for text in session.missed_since(0) or []] == [
        {"op": 0, "d": {"v": 10}, "s": 1, "t": "READY"},
        {"op": 0, "d": None, "s": 2, "t": "X"},
    ]


@pytest.mark.parametrize(("since", "count"), [(5, 0), (4, 1), (2, 3)])
def test_missed_events_are_given_while_they_are_kept(since: int, count: int) -> None:
    session = make_session()
    for _ in range(5):
        session.dispatch("X", None)

    missed = session.missed_since(since)

    assert missed is not None
    assert len(missed) == count


def test_missed_events_that_are_no_longer_kept_are_none() -> None:
    session = make_session()
    for _ in range(5):
        session.dispatch("X", None)

    assert session.missed_since(1) is None


@pytest.mark.parametrize(
    ("event", "intents", "wanted"),
    [
        ("GUILD_CREATE", 0, False),
        ("GUILD_CREATE", 1, True),
        ("MESSAGE_CREATE", 1, False),
        ("MESSAGE_CREATE", 1 << 9, True),
        ("GUILD_MEMBER_ADD", 1 << 1, True),
        ("GUILD_MEMBER_ADD", 1, False),
        ("INTERACTION_CREATE", 0, True),
    ],
)
def test_events_follow_intents(event: str, intents: int, wanted: bool) -> None:
    assert make_session(intents=intents).wants(event, 2001) is wanted


def test_events_follow_the_shard_of_their_guild() -> None:
    real_guild = 5 << 22

    assert make_session(shard=(1, 2)).wants("GUILD_CREATE", real_guild)
    assert not make_session(shard=(0, 2)).wants("GUILD_CREATE", real_guild)
    assert make_session(shard=(0, 2)).wants("GUILD_CREATE")
