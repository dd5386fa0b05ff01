from collections.abc import Mapping
from typing import Any

import pytest

from socialcube.domain.access.types import Actor
from socialcube.web.realtime.feeds import UnknownTopicError, UnseenTopicError
from socialcube.web.realtime.hub import MAX_PAGES, MAX_WATCHES, Hub, TooManyWatchesError
from socialcube.web.realtime.viewers import Viewer
from tests.factories.access import make_owner
from tests.fakes.realtime import FakeSender, make_viewer


class FakeFeed:
    """Remembers who watches."""

    def __init__(self) -> None:
        self.members: dict[tuple[str, str], str] = {}

    def join(self, viewer: Viewer, watch: str, subject: str, options: Mapping[str, Any]) -> dict[str, Any]:
        del options
        if not viewer.actor.permissions:
            raise UnseenTopicError
        self.members[viewer.sid, watch] = subject
        return {"began": subject}

    def leave(self, sid: str, watch: str) -> None:
        self.members.pop((sid, watch), None)


class Site:
    """A hub with one feed."""

    def __init__(self) -> None:
        self.feed, self.sender = FakeFeed(), FakeSender()
        self.disconnected: list[str] = []
        self.hub = Hub({"rows": self.feed}, self.sender, disconnect=self.disconnected.append)
        self.viewer = make_viewer("a", make_owner())
        assert self.hub.enter(self.viewer)


@pytest.fixture
def site() -> Site:
    return Site()


def test_watching_joins_the_feed_of_the_topic(site: Site) -> None:
    assert site.hub.watch("a", "w1", "rows:commands", {}) == {"began": "commands"}
    assert site.feed.members == {("a", "w1"): "commands"}


def test_watching_again_under_a_name_replaces_what_was_watched(site: Site) -> None:
    site.hub.watch("a", "w1", "rows:commands", {})
    site.hub.watch("a", "w1", "rows:bots", {})
    assert site.feed.members == {("a", "w1"): "bots"}


@pytest.mark.parametrize("topic", ["", "rows2", "nothing:x"])
def test_an_unknown_topic_is_refused(site: Site, topic: str) -> None:
    with pytest.raises(UnknownTopicError):
        site.hub.watch("a", "w1", topic, {})


def test_a_socket_that_nobody_let_in_watches_nothing(site: Site) -> None:
    with pytest.raises(UnknownTopicError):
        site.hub.watch("stranger", "w1", "rows:commands", {})


def test_a_page_watches_a_bounded_number_of_things(site: Site) -> None:
    for number in range(MAX_WATCHES):
        site.hub.watch("a", f"w{number}", "rows:commands", {})
    with pytest.raises(TooManyWatchesError):
        site.hub.watch("a", "one more", "rows:commands", {})
    site.hub.unwatch("a", "w0")
    site.hub.watch("a", "one more", "rows:commands", {})


def test_a_browser_opens_a_bounded_number_of_pages(site: Site) -> None:
    session_id = site.viewer.session_id
    for number in range(MAX_PAGES - 1):
        assert site.hub.enter(make_viewer(f"b{number}", make_owner(), session_id=session_id))
    assert not site.hub.enter(make_viewer("last", make_owner(), session_id=session_id))


def test_leaving_takes_a_viewer_out_of_everything(site: Site) -> None:
    site.hub.watch("a", "w1", "rows:commands", {})
    site.hub.leave("a")
    assert site.feed.members == {}
    assert site.hub.viewers.find("a") is None


def test_an_expelled_viewer_sees_nothing_more_and_is_disconnected(site: Site) -> None:
    site.hub.watch("a", "w1", "rows:commands", {})
    site.hub.expel(site.viewer)
    assert (site.feed.members, site.disconnected) == ({}, ["a"])


def test_changed_rights_take_a_viewer_out_and_let_the_page_ask_anew(site: Site) -> None:
    site.hub.watch("a", "w1", "rows:commands", {})
    changed = site.hub.viewers.change_actor(site.viewer, Actor("user", "ann"))
    site.hub.renew(changed)
    assert site.feed.members == {}
    assert site.sender.heard_by("a", "again") == [{"watch": "w1"}]
    with pytest.raises(UnseenTopicError):
        site.hub.watch("a", "w1", "rows:commands", {})


def test_whoever_left_while_a_feed_was_reading_is_taken_out_again(site: Site) -> None:
    class Slow(FakeFeed):
        def join(self, viewer: Viewer, *rest: Any) -> dict[str, Any]:
            began = super().join(viewer, *rest)
            hub.leave(viewer.sid)
            return began

    feed = Slow()
    hub = Hub({"rows": feed}, site.sender, disconnect=site.disconnected.append)
    hub.enter(site.viewer)
    hub.watch("a", "w1", "rows:commands", {})
    assert feed.members == {}


def test_whose_rights_changed_while_a_feed_was_reading_is_taken_out_and_asks_anew(site: Site) -> None:
    class Slow(FakeFeed):
        def join(self, viewer: Viewer, *rest: Any) -> dict[str, Any]:
            began = super().join(viewer, *rest)
            hub.renew(hub.viewers.change_actor(viewer, Actor("user", "ann")))
            return began

    feed = Slow()
    hub = Hub({"rows": feed}, site.sender, disconnect=site.disconnected.append)
    hub.enter(site.viewer)
    hub.watch("a", "w1", "rows:commands", {})
    assert feed.members == {}
    assert site.sender.heard_by("a", "again") == [{"watch": "w1"}]
