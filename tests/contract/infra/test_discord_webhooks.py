import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from socialcube.domain.alerts.errors import ChannelGoneError, SendLaterError, SendRefusedError
from socialcube.domain.alerts.types import Notice
from socialcube.domain.bots.types import Tone
from socialcube.infra.discord_webhooks import DiscordWebhooks
from socialcube.infra.http_client import HTTPClient
from socialcube.kernel.secrets import Secret
from tests.factories.alerts import TOKEN
from tests.fakes.clock import START
from tests.support.webhook_server import WebhookServer, webhook_server

NOTICE = Notice(
    key="k",
    title="Fern *does* not run",
    lines=("<@77> [link](https://evil.example) @everyone", "`Look`."),
    tone=Tone.BAD,
    url="https://panel.example/admin/bots/1/",
    at=START,
)


@pytest.fixture
def discord() -> Iterator[WebhookServer]:
    with webhook_server() as server:
        yield server


def send(discord: WebhookServer, url: str = "", *, seconds: float = 5.0, notice: Notice = NOTICE) -> None:
    client = HTTPClient(connect_seconds=1.0, total_seconds=seconds)
    DiscordWebhooks(client, discord.base_url).send(Secret(url or discord.webhook(TOKEN)), notice)


def test_a_notice_arrives_and_asks_whether_it_was_stored(discord: WebhookServer) -> None:
    send(discord)
    ((path, body),) = discord.seen
    assert path == f"/api/v10/webhooks/4711/{TOKEN}?wait=true"
    (embed,) = body["embeds"]
    assert (embed["color"], embed["url"]) == (0xB4232C, NOTICE.url)
    assert embed["timestamp"] == START.isoformat()


@pytest.mark.parametrize("panel", ["http://localhost:5000/admin/", "https://panel/admin/"])
def test_a_panel_without_a_dot_in_its_name_stands_in_the_text(discord: WebhookServer, panel: str) -> None:
    # Discord refuses the whole message for such a link.
    send(discord, notice=replace(NOTICE, url=panel))
    (embed,) = discord.seen[0][1]["embeds"]
    assert "url" not in embed
    assert embed["description"].endswith(f"\n{panel}")


def test_a_thread_stays_in_the_address(discord: WebhookServer) -> None:
    send(discord, f"{discord.webhook(TOKEN)}?thread_id=9")
    assert discord.seen[0][0].endswith("?thread_id=9&wait=true")


def test_nobody_is_notified_and_nothing_is_marked_up(discord: WebhookServer) -> None:
    send(discord)
    ((_, body),) = discord.seen
    assert body["allowed_mentions"] == {"parse": []}
    assert set(body) == {"embeds", "allowed_mentions"}
    assert body["embeds"][0]["title"] == r"Fern \*does\* not run"
    assert body["embeds"][0]["description"] == (
        r"\<\@77\> \[link\]\(https\://evil.example\) \@everyone" + "\n" + r"\`Look\`."
    )


@pytest.mark.parametrize("status", [401, 404])
def test_a_webhook_that_is_gone_is_said_to_be(discord: WebhookServer, status: int) -> None:
    discord.status = status
    with pytest.raises(ChannelGoneError, match=f"not there any more \\({status}\\)"):
        send(discord)


@pytest.mark.parametrize("status", [403, 408, 500, 502, 503])
def test_trouble_of_discords_own_is_tried_again(discord: WebhookServer, status: int) -> None:
    discord.status = status
    with pytest.raises(SendLaterError, match=str(status)):
        send(discord)


@pytest.mark.parametrize(
    ("said", "wait"),
    [("2.5", timedelta(seconds=2.5)), ("40", timedelta(seconds=40)), ("soon", None), ("-1", None)],
)
def test_a_pause_that_discord_asks_for_is_told(
    discord: WebhookServer, said: str, wait: timedelta | None
) -> None:
    discord.status, discord.headers = 429, {"Retry-After": said}
    with pytest.raises(SendLaterError) as caught:
        send(discord)
    assert caught.value.wait == wait


def test_what_discord_does_not_take_is_not_tried_again(discord: WebhookServer) -> None:
    discord.status = 400
    with pytest.raises(SendRefusedError, match="400"):
        send(discord)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_asvs_1_3_6_no_redirect_is_followed(discord: WebhookServer, status: int) -> None:
    discord.status = status
    discord.headers = {"Location": f"{discord.base_url}/elsewhere"}
    with pytest.raises(SendRefusedError, match="follow nowhere"):
        send(discord)
    assert len(discord.seen) == 1


def test_asvs_1_3_6_an_address_is_checked_again_before_it_is_used(discord: WebhookServer) -> None:
    for url in ("http://127.0.0.1:1/api/webhooks/1/" + TOKEN, "ops@example.org"):
        with pytest.raises(SendRefusedError, match="no webhook"):
            send(discord, url)
    assert discord.seen == []


def test_a_server_that_stalls_costs_a_bounded_time(discord: WebhookServer) -> None:
    discord.stalls = threading.Event()
    with pytest.raises(SendLaterError, match="No answer came in time"):
        send(discord, seconds=0.3)


def test_an_answer_that_comes_drop_by_drop_costs_a_bounded_time(discord: WebhookServer) -> None:
    discord.drips = True
    with pytest.raises(SendLaterError, match="takes too long"):
        send(discord, seconds=0.3)


def test_a_dead_server_is_tried_again_and_no_error_names_the_address() -> None:
    with webhook_server() as discord:
        url = discord.webhook(TOKEN)
    with pytest.raises(SendLaterError, match="connection failed") as caught:
        send(discord, url)
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_proxy_of_the_environment_sees_nothing(
    discord: WebhookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    send(discord)
    assert len(discord.seen) == 1
