"""Troubles of the gateway, made through the control door."""

import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from socialcube.sandbox.control.client import Bot, ControlClient, ControlRefusedError
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Gateway, gateway_url, identify_data

Connect = Callable[[], Gateway]


@pytest.fixture
def connect(sandbox: RunningSandbox, session: aiohttp.ClientSession) -> Connect:
    return lambda: Gateway(session, gateway_url(sandbox))


@pytest.fixture
def other(control: ControlClient) -> Bot:
    return control.bots()["Tavern"]


async def numbers(gateway: Gateway) -> list[int]:
    """Give what the test events that come within a moment carry."""
    frames = await gateway.quiet(0.5)
    return [frame["d"]["n"] for frame in frames if frame["t"] == "TEST"]


def send_numbers(control: ControlClient, bot: Bot, count: int) -> None:
    for number in range(count):
        control.dispatch(bot.id, "TEST", {"n": number})


@pytest.mark.parametrize("code", [4004, 4010, 4014, 4000])
async def test_next_identify_is_closed_with_any_code_and_others_are_left_alone(
    connect: Connect, control: ControlClient, bot: Bot, other: Bot, code: int
) -> None:
    control.refuse(bot.id, code)
    async with connect() as refused, connect() as neighbour, connect() as later:
        await refused.send(2, identify_data(bot.token, 1))
        await neighbour.identify(other.token)

        assert await refused.closed() == code
        await later.identify(bot.token)
    assert control.bots()["Greenhouse"].starts_left == 999


async def test_connection_is_closed_right_after_hello(connect: Connect, control: ControlClient) -> None:
    control.refuse(code=4000, moment="hello", times=2)
    for _ in range(2):
        async with connect() as gateway:
            assert await gateway.closed() == 4000


async def test_connection_is_closed_before_hello(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, control: ControlClient
) -> None:
    control.refuse(code=1001, moment="connect")
    async with session.ws_connect(f"{gateway_url(sandbox)}?v=10&encoding=json") as socket:
        message = await socket.receive(timeout=30)

        assert (message.type, socket.close_code) == (aiohttp.WSMsgType.CLOSE, 1001)


async def test_connection_is_closed_right_after_ready(
    connect: Connect, control: ControlClient, bot: Bot
) -> None:
    control.refuse(bot.id, 4000, moment="ready")
    async with connect() as gateway:
        await gateway.identify(bot.token)

        assert await gateway.closed() == 4000
    assert len(control.sessions(bot.id, connected=False)) == 1


async def test_connection_is_cut_in_answer_to_identify(
    connect: Connect, control: ControlClient, bot: Bot
) -> None:
    control.cut_off(bot.id)
    async with connect() as gateway:
        await gateway.send(2, identify_data(bot.token, 1))

        assert await gateway.closed() == 1006
    assert control.sessions(bot.id) == []


@pytest.mark.parametrize("resumable", [True, False])
async def test_identify_is_answered_with_op_9_once(
    connect: Connect, control: ControlClient, bot: Bot, resumable: bool
) -> None:
    control.deny(bot.id, resumable=resumable)
    async with connect() as gateway:
        await gateway.send(2, identify_data(bot.token, 1))
        frame = await gateway.receive()

        assert frame is not None
        assert (frame["op"], frame["d"]) == (9, resumable)
        await gateway.identify(bot.token)


async def test_ready_comes_late_and_heartbeats_are_answered_meanwhile(
    connect: Connect, control: ControlClient, bot: Bot
) -> None:
    control.delay_ready(bot.id, 0.5)
    async with connect() as gateway:
        began = time.monotonic()
        await gateway.send(2, identify_data(bot.token, 1))
        await gateway.send(1, None)
        first = await gateway.receive()
        await gateway.event("READY")
        await gateway.event("GUILD_CREATE")

    assert first is not None
    assert first["op"] == 11
    assert time.monotonic() - began >= 0.5


async def test_acks_are_dropped_while_events_go_on(
    connect: Connect, control: ControlClient, bot: Bot, other: Bot
) -> None:
    control.drop_acks(bot.id, times=2)
    async with connect() as gateway, connect() as neighbour:
        await gateway.identify(bot.token)
        await neighbour.identify(other.token)
        await gateway.event("GUILD_CREATE")
        for _ in range(3):
            await gateway.send(1, None)
        await neighbour.send(1, None)
        control.say("life goes on", user_id=1001, channel_id=3002)
        frames = await gateway.quiet(0.5)
        answered = [frame for frame in await neighbour.quiet(0.5) if frame["op"] == 11]

    assert sorted(frame["op"] for frame in frames) == [0, 11]
    assert len(answered) == 1


async def test_events_come_several_times_under_one_number(
    connect: Connect, control: ControlClient, bot: Bot
) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        control.duplicate(bot.id, 3, event="TEST", times=2)
        send_numbers(control, bot, 3)
        frames = [frame for frame in await gateway.quiet(0.5) if frame["t"] == "TEST"]

    assert [frame["d"]["n"] for frame in frames] == [0, 0, 0, 1, 1, 1, 2]
    assert len({frame["s"] for frame in frames}) == 3


async def test_events_come_shuffled_and_the_same_seed_gives_the_same_order(
    connect: Connect, control: ControlClient, bot: Bot
) -> None:
    orders = []
    async with connect() as gateway:
        await gateway.identify(bot.token)
        for _ in range(2):
            control.reorder(bot.id, 5, copies=3, seconds=5, seed=7)
            send_numbers(control, bot, 5)
            orders.append(await numbers(gateway))
            control.clear_faults()

    assert orders[0] == orders[1]
    assert sorted(orders[0]) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert orders[0] != sorted(orders[0])


async def test_few_events_do_not_wait_for_the_window_to_fill(
    connect: Connect, control: ControlClient, bot: Bot
) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        control.reorder(bot.id, 50, seconds=0.1)
        send_numbers(control, bot, 2)

        assert sorted(await numbers(gateway)) == [0, 1]


async def test_malformed_event_carries_anything(connect: Connect, control: ControlClient, bot: Bot) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        control.malform(bot.id, "TEST", ["nonsense"])
        send_numbers(control, bot, 1)
        first = await gateway.event("TEST")
        send_numbers(control, bot, 1)

        assert (first, await gateway.event("TEST")) == (["nonsense"], {"n": 0})


async def test_lost_event_leaves_a_gap_that_no_resume_fills(
    connect: Connect, control: ControlClient, bot: Bot
) -> None:
    async with connect() as gateway:
        ready = await gateway.identify(bot.token)
        await gateway.event("GUILD_CREATE")
        before = gateway.sequence
        control.lose(bot.id, event="TEST")
        send_numbers(control, bot, 2)
        await gateway.event("TEST")
        seen = gateway.sequence
    async with connect() as resumed:
        await resumed.resume(bot.token, ready["session_id"], before)
        frames = await resumed.quiet(0.5)

    assert (before, seen) == (2, 4)
    assert [frame["s"] for frame in frames] == [4, 5]


async def test_faults_of_the_gateway_are_listed_and_taken_back(control: ControlClient, bot: Bot) -> None:
    control.drop_acks(bot.id)
    control.refuse(code=4000, moment="hello")

    waiting = control.ask("GET", "/gateway/faults")
    control.clear_faults()

    assert [(fault["deed"], fault["application_id"]) for fault in waiting] == [
        ("drop_acks", int(bot.id)),
        ("close", None),
    ]
    assert control.ask("GET", "/gateway/faults") == []


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"deed": "explode"},
        {"deed": "close", "code": 99},
        {"deed": "close", "moment": "hello", "application_id": "5001"},
        {"deed": "close", "moment": "never"},
        {"deed": "invalidate", "moment": "ready"},
        {"deed": "delay", "seconds": 601},
    ],
)
async def test_fault_that_could_never_happen_is_refused(
    control: ControlClient, fault: dict[str, Any]
) -> None:
    with pytest.raises(ControlRefusedError):
        control.ask("POST", "/gateway/faults", fault)
