from datetime import timedelta
from typing import Any

from socialcube.domain.alerts.policy import compose, retry_after, test_notice
from socialcube.domain.alerts.types import (
    AlertKind,
    AlertView,
    ChannelKind,
    Claimed,
    Ending,
    News,
    Notice,
    SealedAddress,
)
from socialcube.domain.bots.types import Tone
from socialcube.kernel.ids import new_id
from tests.factories.alerts import make_alert
from tests.fakes.clock import START

URL = "https://panel.example"
test_notice.__test__ = False  # type: ignore[attr-defined] # its name is the product's, it is no test


def write(news: News, *alerts: AlertView, seconds: int = 90, **changes: Any) -> Notice:
    taken: dict[str, Any] = {
        "address": SealedAddress(new_id(), ChannelKind.DISCORD, "sealed"),
        "news": news,
        "message_ids": tuple(new_id() for _ in alerts),
        "alerts": alerts,
        "tries": 1,
        "queued_at": START,
    }
    return compose(Claimed(**(taken | changes)), public_url=URL, now=START + timedelta(seconds=seconds))


def test_one_trouble_says_what_is_wrong_and_what_to_do() -> None:
    alert = make_alert()
    notice = write(News.BEGAN, alert)
    assert notice.title == "Fern does not run"
    assert notice.lines == (
        "No runner holds this bot.",
        "Start a `bots` process.",
        "Since 2 January 2026, 03:04 UTC, 90 seconds ago.",
    )
    assert (notice.tone, notice.url) == (Tone.BAD, f"{URL}/admin/bots/{alert.bot_id}/")


def test_a_recovery_says_how_long_it_took() -> None:
    alert = make_alert(
        kind=AlertKind.GATEWAY_DEAD,
        calm_since=START + timedelta(minutes=5),
        ended_at=START + timedelta(minutes=7),
        ending=Ending.RECOVERED,
    )
    notice = write(News.ENDED, alert)
    assert (notice.title, notice.tone) == ("Fern is back", Tone.OK)
    assert notice.lines == (
        "It had lost Discord. All is well again.",
        "From 2 January 2026, 03:04 UTC to 2 January 2026, 03:09 UTC, 5 minutes.",
    )


def test_a_bot_that_somebody_stopped_is_not_back() -> None:
    notice = write(News.ENDED, make_alert(ended_at=START + timedelta(hours=5), ending=Ending.UNWANTED))
    assert (notice.title, notice.tone) == ("Fern is stopped", Tone.MUTED)
    assert notice.lines[1].endswith("5 hours.")


def test_many_troubles_are_one_message() -> None:
    alerts = [make_alert(bot_name=f"Bot {number}") for number in range(30)]
    alerts[0] = make_alert(bot_name="Bot 0", kind=AlertKind.NEEDS_YOU)
    notice = write(News.BEGAN, *alerts)
    assert notice.title == "30 bots are in trouble"
    assert notice.lines[0] == "Bot 0 needs you. No runner holds this bot."
    assert notice.lines[-1] == "… and 18 more."
    assert (len(notice.lines), notice.tone, notice.url) == (13, Tone.BAD, f"{URL}/admin/alerts/")


def test_many_recoveries_are_one_message() -> None:
    ended = {"ended_at": START, "ending": Ending.RECOVERED}
    alerts = (make_alert(**ended), make_alert(bot_name="Moss", **(ended | {"ending": Ending.UNWANTED})))
    notice = write(News.ENDED, *alerts)
    assert (notice.title, notice.tone) == ("2 alerts are over", Tone.OK)
    assert notice.lines == ("Fern is back", "Moss was stopped")


def test_the_same_messages_have_the_same_key_in_any_order() -> None:
    first, second = new_id(), new_id()
    one = write(News.BEGAN, make_alert(), message_ids=(first, second))
    other = write(News.BEGAN, make_alert(), message_ids=(second, first), seconds=500)
    assert one.key == other.key != write(News.BEGAN, make_alert()).key


def test_a_test_says_that_it_is_one() -> None:
    notice = test_notice("On call", key="k", public_url=URL, now=START)
    assert "test of the channel “On call”" in notice.lines[0]


def test_pauses_grow_and_stay_bounded() -> None:
    pauses = [retry_after(tries).total_seconds() for tries in range(1, 12)]
    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900, 900, 900, 900]
    assert retry_after(1, timedelta(seconds=40)).total_seconds() == 40
    assert retry_after(3, timedelta(seconds=1)).total_seconds() == 60
    assert retry_after(1, timedelta(days=3)) == timedelta(hours=1)
