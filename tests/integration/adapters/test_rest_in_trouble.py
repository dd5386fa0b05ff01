"""The REST client against a Discord that limits, breaks off, stalls and fails.

What is held here: nothing is sent while a limit says no, no call is lost by waiting, and a message is
delivered once or reported as failed, never neither and never both.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import aiohttp
import pytest
from discord.gateway import DiscordClientWebSocketResponse
from discord.http import Route

from socialcube.adapters.discord.application import DiscordApplication
from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.discord.transport import Transport
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.engine.ports import Message
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.secrets import Secret
from socialcube.sandbox.control.client import ControlClient
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.running import RunningSandbox
from tests.support.seeds import chance

BOT, OTHER = "Greenhouse", "Rollcall"
CHANNEL, ELSEWHERE = 3002, 3003
WINDOW: Final = 0.625
MESSAGES = rf"/channels/{CHANNEL}/messages$"
# Waits of the client, which are meant for people's patience, pass this much faster.
HURRY: Final = 0.02

Client = Callable[[str], RestClient]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox(limits=Limits(requests_per_second=10_000)) as running:
        yield running


@pytest.fixture
def control(sandbox: RunningSandbox) -> Iterator[ControlClient]:
    sandbox.control.reset()
    yield sandbox.control
    sandbox.control.clear_faults()


@pytest.fixture
async def transport(sandbox: RunningSandbox) -> AsyncIterator[Transport]:
    """Give connections that lose patience after a second, where real ones take fifteen."""
    made = Transport(sandbox.api_base_url, SystemClock())
    made._session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=1.0), ws_response_class=DiscordClientWebSocketResponse
    )
    yield made
    await made.close()


@pytest.fixture
def client(control: ControlClient, transport: Transport) -> Client:
    def make(name: str) -> RestClient:
        token = Secret(control.bots()[name].token)
        return RestClient(transport, token, lambda: True, sleep=hurried)

    return make


async def hurried(seconds: float) -> None:
    await asyncio.sleep(seconds * HURRY)


def posting(rest: RestClient, text: str, channel: int = CHANNEL) -> Awaitable[None]:
    return DiscordApplication(rest).post(channel, Message(text), f"nonce-{text}")


def texts(control: ControlClient, channel: int = CHANNEL) -> list[str]:
    return [message["content"] for message in control.messages(channel)]


def seen(control: ControlClient, path: str) -> list[dict[str, Any]]:
    return control.calls(kind="rest", path=path)


def check_window(calls: list[dict[str, Any]], seconds: float) -> None:
    """Hold that the first of these calls was refused, and that none came before its window was over."""
    refused, *later = calls
    assert refused["status"] == 429
    assert later
    over = refused["monotonic"] + refused["seconds"] + seconds
    early = [call["monotonic"] - over for call in later if call["monotonic"] < over]
    assert not early, f"sent {early} s before the window was over"


@pytest.mark.parametrize("via", [True, False], ids=["via", "no via"])
@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_nothing_is_sent_inside_the_window_and_nothing_is_lost(
    control: ControlClient, client: Client, scope: str, via: bool
) -> None:
    rest = client(BOT)
    control.limit(MESSAGES, WINDOW, scope=scope, via=via)
    wanted = [str(number) for number in range(5)]

    await asyncio.gather(*(posting(rest, text) for text in wanted), posting(rest, "aside", ELSEWHERE))

    check_window(seen(control, MESSAGES), WINDOW)
    assert sorted(texts(control)) == wanted
    assert texts(control, ELSEWHERE) == ["aside"]


@pytest.mark.parametrize(("scope", "waits"), [("user", False), ("shared", False), ("global", True)])
async def test_other_buckets_go_on_unless_the_whole_bot_is_limited(
    control: ControlClient, client: Client, scope: str, waits: bool
) -> None:
    rest, other = client(BOT), client(OTHER)
    control.limit(MESSAGES, WINDOW, scope=scope)
    limited = asyncio.ensure_future(posting(rest, "limited"))
    while not seen(control, MESSAGES):  # noqa: ASYNC110 - what is waited for happens in another thread
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)

    await asyncio.gather(
        posting(rest, "aside", ELSEWHERE), other.request(Route("GET", "/users/@me")), limited
    )

    over = seen(control, MESSAGES)[1]["monotonic"]
    [aside] = seen(control, rf"/channels/{ELSEWHERE}/messages$")
    [of_another_bot] = seen(control, "/users/@me$")
    assert (aside["monotonic"] > over - 0.1) is waits
    assert of_another_bot["monotonic"] < over - 0.1


async def test_page_of_the_proxy_stops_every_bot_of_this_address(
    control: ControlClient, client: Client
) -> None:
    rest, other = client(BOT), client(OTHER)
    control.block_address(MESSAGES, 1)
    blocked = asyncio.ensure_future(posting(rest, "blocked"))
    while not seen(control, MESSAGES):  # noqa: ASYNC110 - what is waited for happens in another thread
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)

    await asyncio.gather(blocked, other.request(Route("GET", "/users/@me")), posting(rest, "x", ELSEWHERE))

    check_window(seen(control, "/api/"), 1)
    assert texts(control) == ["blocked"]


async def test_headers_of_a_wrong_clock_change_nothing(control: ControlClient, client: Client) -> None:
    wrong = {"X-RateLimit-Reset": "1.5", "Date": "Thu, 01 Jan 1970 00:00:00 GMT", "Retry-After": "1"}
    control.fail(MESSAGES, status=429, retry_after=WINDOW, headers=wrong)

    await posting(client(BOT), "once")

    check_window(seen(control, MESSAGES), WINDOW)
    assert texts(control) == ["once"]


async def test_bucket_that_is_used_up_is_left_alone_before_it_refuses(
    control: ControlClient, client: Client
) -> None:
    rest = client(BOT)
    route = Route("GET", "/channels/{channel_id}", channel_id=CHANNEL)

    for _ in range(60):
        await rest.request(route)

    calls = seen(control, rf"/channels/{CHANNEL}$")
    assert {call["status"] for call in calls} == {200}
    assert calls[50]["monotonic"] - calls[0]["monotonic"] >= 1.0


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_message_is_posted_once_whatever_the_server_says(
    control: ControlClient, client: Client, status: int, moment: str
) -> None:
    control.fail(MESSAGES, status=status, moment=moment, times=2)

    await posting(client(BOT), "once")

    assert texts(control) == ["once"]
    assert len(seen(control, MESSAGES)) == 3


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_message_is_posted_once_over_connections_that_are_reset(
    control: ControlClient, client: Client, moment: str
) -> None:
    control.reset_calls(MESSAGES, moment=moment, times=2)

    await posting(client(BOT), "once")

    assert texts(control) == ["once"]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_message_is_posted_once_over_an_answer_that_stalls(
    control: ControlClient, client: Client, moment: str
) -> None:
    control.stall(MESSAGES, 2.0, moment=moment)

    await posting(client(BOT), "once")
    # A stall before the effect lets the first try act late, when the second has been answered already.
    await asyncio.sleep(1.5 if moment == "before" else 0)

    assert texts(control) == ["once"]
    assert len(seen(control, MESSAGES)) == 2


async def test_message_is_posted_once_when_half_of_the_answer_comes(
    control: ControlClient, client: Client
) -> None:
    control.truncate(MESSAGES)

    await posting(client(BOT), "once")

    assert texts(control) == ["once"]


async def test_half_of_an_answer_that_was_needed_is_reported(control: ControlClient, client: Client) -> None:
    control.truncate("/applications/@me$")

    with pytest.raises(PlatformUnreachableError):
        await DiscordApplication(client(BOT)).inspect()


@pytest.mark.parametrize(
    ("trouble", "delivered"),
    [({"status": 503}, 0), ({"reset": True}, 0), ({"status": 500, "moment": "after"}, 1)],
    ids=["503", "reset", "500 after the effect"],
)
async def test_message_that_never_gets_an_answer_is_reported_and_never_doubled(
    control: ControlClient, client: Client, trouble: dict[str, Any], delivered: int
) -> None:
    control.fail(MESSAGES, times=100, **trouble)

    with pytest.raises(PlatformUnreachableError):
        await posting(client(BOT), "once")

    assert len(texts(control)) == delivered
    assert len(seen(control, MESSAGES)) == 5


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("fits", nullcontext()), ("", pytest.raises(CallRefusedError, match="empty message"))],
)
async def test_refusal_is_told_at_once_and_not_tried_again(
    control: ControlClient, client: Client, text: str, outcome: AbstractContextManager[Any]
) -> None:
    with outcome:
        await posting(client(BOT), text)

    assert len(seen(control, MESSAGES)) == 1


TROUBLES: Final[tuple[dict[str, Any], ...]] = (
    {"status": 429, "retry_after": 0.15},
    {"status": 429, "retry_after": 0.25, "scope": "shared", "headers": {"Via": ""}},
    {"status": 429, "retry_after": 0.2, "scope": "global"},
    {"status": 500},
    {"status": 502, "moment": "after"},
    {"status": 503},
    {"status": 504, "moment": "after"},
    {"reset": True},
    {"reset": True, "moment": "after"},
    {"truncate": True},
    {"delay": 1.2, "moment": "after"},
)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_bad_night_loses_and_doubles_nothing(control: ControlClient, client: Client) -> None:
    """Three channels get thirty messages each, through trouble of every kind in an order by chance."""
    luck, rest = chance("a bad night"), client(BOT)
    reported: set[str] = set()

    async def write(channel: int) -> None:
        for number in range(30):
            for trouble in luck.choices(TROUBLES, k=luck.choice((0, 1, 2, 6))):
                control.fail(rf"/channels/{channel}/messages$", **trouble)
            try:
                await posting(rest, f"{channel} {number}", channel)
            except PlatformUnreachableError:
                reported.add(f"{channel} {number}")

    channels = (CHANNEL, ELSEWHERE, 3004)
    await asyncio.gather(*(write(channel) for channel in channels))

    for channel in channels:
        found, wanted = texts(control, channel), {f"{channel} {number}" for number in range(30)}
        assert len(found) == len(set(found)), "a message was doubled"
        assert wanted - set(found) <= reported, "a message was lost in silence"
        assert set(found) <= wanted
