"""The small feeds: bots and figures."""

from typing import Any
from uuid import UUID

import pytest

from socialcube.domain.access.types import Actor, Permission
from socialcube.web.realtime.bots_feed import BotsFeed
from socialcube.web.realtime.feeds import UnseenTopicError
from socialcube.web.realtime.figures_feed import FiguresFeed
from tests.factories.access import make_actor, make_owner
from tests.factories.logs import BOT, OTHER_BOT
from tests.fakes.realtime import FakeSender, make_viewer


class Bots:
    """A feed over bots in memory."""

    def __init__(self) -> None:
        self.states: dict[UUID, dict[str, Any]] = {
            id_: {"bot_id": str(id_), "word": "Online"} for id_ in (BOT, OTHER_BOT)
        }
        self.sender = FakeSender()
        self.reads = 0
        self.feed = BotsFeed(self._read, self.sender)

    def _read(self) -> dict[UUID, dict[str, Any]]:
        self.reads += 1
        return dict(self.states)


def test_a_viewer_begins_with_all_bots_in_sight_and_hears_what_changes() -> None:
    bots = Bots()
    began = bots.feed.join(make_viewer("a", make_actor(Permission.BOT_VIEW, bot_id=BOT)), "w1", "", {})
    bots.feed.join(make_viewer("owner", make_owner()), "w1", "", {})
    assert [bot["bot_id"] for bot in began["bots"]] == [str(BOT)]
    bots.feed.step()
    assert bots.sender.sent == []
    bots.states[OTHER_BOT] = {"bot_id": str(OTHER_BOT), "word": "Failed"}
    bots.feed.step()
    assert bots.sender.heard_by("a", "bots") == []
    assert bots.sender.heard_by("owner", "bots") == [{"bots": [bots.states[OTHER_BOT]]}]


def test_a_deleted_bot_is_told_once() -> None:
    bots = Bots()
    bots.feed.join(make_viewer("a", make_owner()), "w1", "", {})
    del bots.states[BOT]
    bots.feed.step()
    bots.feed.step()
    assert bots.sender.heard_by("a", "bots") == [{"bots": [{"bot_id": str(BOT), "gone": True}]}]


def test_bots_are_not_read_while_nobody_watches() -> None:
    bots = Bots()
    bots.feed.step()
    bots.feed.join(make_viewer("a", make_owner()), "w1", "", {})
    bots.feed.leave("a", "w1")
    bots.feed.step()
    assert bots.reads == 1


def test_whoever_sees_no_bot_watches_neither_bots_nor_figures() -> None:
    viewer = make_viewer("a", Actor("user", "ann"))
    with pytest.raises(UnseenTopicError):
        Bots().feed.join(viewer, "w1", "", {})
    with pytest.raises(UnseenTopicError):
        FiguresFeed(FakeSender()).join(viewer, "w1", "", {})


def test_figures_nudge_those_who_watch_once_each() -> None:
    sender = FakeSender()
    feed = FiguresFeed(sender)
    viewer = make_viewer("a", make_owner())
    feed.join(viewer, "w1", "", {})
    feed.join(viewer, "w2", "", {})
    feed.step()
    feed.leave("a", "w1")
    feed.leave("a", "w2")
    feed.step()
    assert sender.sent == [("a", "figures", {})]
