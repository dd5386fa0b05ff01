from socialcube.sandbox.world.changes import Change, Feed, GuildChanged


def test_subscribers_hear_in_order_until_they_end() -> None:
    feed, first, second = Feed(), list[Change](), list[Change]()
    end = feed.subscribe(first.append)
    feed.subscribe(second.append)
    feed.publish(GuildChanged(1))
    end()
    end()
    feed.publish(GuildChanged(2))

    assert first == [GuildChanged(1)]
    assert second == [GuildChanged(1), GuildChanged(2)]


def test_subscriber_may_end_itself_while_it_is_told() -> None:
    feed, heard = Feed(), list[Change]()
    end = feed.subscribe(lambda _change: end())
    feed.subscribe(heard.append)
    feed.publish(GuildChanged(1))

    assert heard == [GuildChanged(1)]
