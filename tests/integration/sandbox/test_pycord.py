"""The real library against the sandbox, unmodified but for its base address."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import discord
import pytest
from discord.http import Route

from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.running import RunningSandbox

# py-cord lets go of a socket that broke while it connected again; aiohttp says so when memory is freed.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed connection:ResourceWarning")

CHANNEL = 3002
SECONDS = 30.0

Invoke = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _base_url(sandbox: RunningSandbox) -> Iterator[None]:
    before = Route.API_BASE_URL
    Route.API_BASE_URL = sandbox.origin + "/api/v{API_VERSION}"
    yield
    Route.API_BASE_URL = before


class Greenhouse(discord.Bot):
    """A bot as its author would write it."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        chosen = intents or discord.Intents(guilds=True, guild_messages=True)
        super().__init__(intents=chosen)  # type: ignore[no-untyped-call] # py-cord leaves it unannotated
        self.ready = asyncio.Event()
        self.resumed = asyncio.Event()
        self.heard: list[str] = []

    async def on_ready(self) -> None:
        self.ready.set()

    async def on_resumed(self) -> None:
        self.resumed.set()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message.content)

    async def leave(self) -> None:
        """Close the WebSocket before the HTTP session, which `close()` of py-cord 2.8.1 does not."""
        self._closed = True
        await self.ws.close(1000)
        await self.http.close()


@pytest.fixture
async def client() -> Greenhouse:
    client = Greenhouse()

    @client.slash_command(name="hello", description="Say hello")
    async def hello(ctx: discord.ApplicationContext, who: discord.Option(discord.Member, "Whom")) -> None:  # type: ignore[valid-type] # py-cord reads the option from the annotation
        await ctx.respond(f"Hello {who.mention}", embed=discord.Embed(title="Greeting"))

    @client.slash_command(name="slow", description="Take time")
    async def slow(ctx: discord.ApplicationContext) -> None:
        await ctx.defer(ephemeral=True)
        await ctx.respond("done")
        await ctx.followup.send("more")
        await ctx.edit(content="done indeed")

    return client


@pytest.fixture
async def online(client: Greenhouse, bot: Bot) -> AsyncIterator[Greenhouse]:
    task = asyncio.create_task(client.start(bot.token))
    async with asyncio.timeout(SECONDS):
        await client.ready.wait()
    yield client
    await client.leave()
    await asyncio.wait({task}, timeout=SECONDS)
    # What py-cord left open is freed here, and not during a test that knows nothing of it.
    gc.collect()


@pytest.fixture
def invoke(control: ControlClient) -> Invoke:
    async def use(name: str, **options: Any) -> dict[str, Any]:
        return await asyncio.to_thread(
            control.invoke, name, user_id=1001, channel_id=CHANNEL, options=options
        )

    return use


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another thread
            await asyncio.sleep(0.01)


async def test_bot_logs_in_is_ready_and_registers_its_commands(
    online: Greenhouse, control: ControlClient
) -> None:
    assert online.user is not None
    assert (online.user.id, online.user.name) == (5001, "Greenhouse")
    assert [(guild.id, len(guild.channels), len(guild.roles)) for guild in online.guilds] == [(2001, 6, 6)]
    assert len(control.sessions("5001", connected=True)) == 1
    assert [call["method"] for call in control.calls(path="/commands")] == ["GET", "PUT"]


async def test_command_is_answered_with_text_and_embed(online: Greenhouse, invoke: Invoke) -> None:
    outcome = await invoke("hello", who="1002")

    assert online.is_ready()
    assert outcome["outcome"] == "answered"
    assert outcome["message"]["content"] == "Hello <@1002>"
    assert outcome["message"]["embeds"][0]["title"] == "Greeting"


async def test_deferred_command_answers_edits_and_follows_up(
    online: Greenhouse, invoke: Invoke, control: ControlClient
) -> None:
    started = await invoke("slow")
    await until(lambda: control.interaction(started["id"])["message"]["content"] == "done indeed")
    outcome = control.interaction(started["id"])

    assert online.is_ready()
    assert outcome["message"]["flags"] == 64
    assert [message["content"] for message in outcome["followups"]] == ["more"]


async def test_messages_go_both_ways(online: Greenhouse, control: ControlClient) -> None:
    channel = online.get_channel(CHANNEL)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send("from the bot", nonce="n")
    await asyncio.to_thread(control.say, "<@5001> from Mara", user_id=1001, channel_id=CHANNEL)
    await until(lambda: len(online.heard) == 2)
    await sent.edit(content="edited")
    history = [message.content async for message in channel.history(limit=5)]
    await sent.delete()

    assert online.heard == ["from the bot", "<@5001> from Mara"]
    assert history == ["<@5001> from Mara", "edited"]


async def test_file_and_button_can_be_sent(online: Greenhouse) -> None:
    channel = online.get_channel(CHANNEL)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(discord.ui.Button(label="Go", custom_id="go"))
    sent = await channel.send(file=discord.File(__file__, "me.py"), view=view)

    assert (sent.attachments[0].filename, len(sent.components)) == ("me.py", 1)
    assert (await sent.attachments[0].read()).startswith(b'"""The real library')


@pytest.mark.parametrize("stimulus", ["reconnect", "abort", "close", "invalidate"])
async def test_bot_resumes_and_hears_what_it_missed(
    online: Greenhouse, control: ControlClient, stimulus: str
) -> None:
    extra: dict[str, Any] = {"invalidate": {"resumable": True}}.get(stimulus, {})
    await asyncio.to_thread(getattr(control, stimulus), "5001", **extra)
    await asyncio.to_thread(control.say, "<@5001> missed", user_id=1001, channel_id=CHANNEL)
    await until(online.resumed.is_set)
    await until(lambda: online.heard == ["<@5001> missed"])

    (session,) = control.sessions("5001")
    assert session["resumes"] == 1
    assert len(control.calls(kind="identify")) == 1


async def test_invalid_session_makes_the_bot_identify_again(
    online: Greenhouse, control: ControlClient, invoke: Invoke
) -> None:
    await asyncio.to_thread(control.invalidate, "5001", resumable=False)
    await until(lambda: len(control.calls(kind="identify")) == 2)
    outcome = await invoke("hello", who="1003")

    assert online.is_ready()
    assert outcome["outcome"] == "answered"


async def test_wrong_token_fails_at_login(client: Greenhouse) -> None:
    with pytest.raises(discord.LoginFailure):
        await client.start("MDAwMDAwMDAwMDAwMDA1MDAx.xxxxxx.wrong")
    await client.http.close()


async def test_token_reset_while_online_ends_with_4004(
    client: Greenhouse, bot: Bot, control: ControlClient
) -> None:
    task = asyncio.create_task(client.start(bot.token))
    await until(client.ready.is_set)
    await asyncio.to_thread(control.reset_token, bot.id)

    with pytest.raises(discord.ConnectionClosed) as closed:
        await asyncio.wait_for(task, SECONDS)
    assert closed.value.code == 4004


async def test_limited_intent_that_is_off_ends_with_4014(bot: Bot) -> None:
    client = Greenhouse(discord.Intents(guilds=True, message_content=True))

    with pytest.raises(discord.PrivilegedIntentsRequired):
        await asyncio.wait_for(client.start(bot.token), SECONDS)
    await client.http.close()


async def test_limited_intents_that_are_on_bring_members_and_content(
    bot: Bot, control: ControlClient
) -> None:
    control.set_intents(bot.id, 1 << 1 | 1 << 15)
    client = Greenhouse(discord.Intents(guilds=True, members=True, guild_messages=True, message_content=True))
    task = asyncio.create_task(client.start(bot.token))
    await until(client.ready.is_set)
    await asyncio.to_thread(control.say, "in clear", user_id=1001, channel_id=CHANNEL)
    await until(lambda: client.heard)
    await client.leave()
    await asyncio.wait({task}, timeout=SECONDS)

    assert client.heard == ["in clear"]
    assert {member.name for member in client.guilds[0].members} >= {"mara", "jonas", "priya", "theo"}


async def test_rate_limit_is_waited_for_and_nothing_is_lost(
    online: Greenhouse, control: ControlClient
) -> None:
    control.fail("/channels/3002/messages", status=429, retry_after=0.2)
    channel = online.get_channel(CHANNEL)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("after the wait")

    calls = control.calls(method="POST", path="/channels/3002/messages")
    assert [call["status"] for call in calls] == [429, 200]
