"""The whole sandbox in the test's own loop, with bots that the test plays."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from socialcube.kernel.secrets import Secret
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.parts import assemble
from socialcube.sandbox.running import listen, make_runner
from socialcube.sandbox.server import build_app
from socialcube.sandbox.world.changes import Change, InteractionStarted
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import Interaction, ResponseKind
from socialcube.sandbox.world.world import World

if TYPE_CHECKING:
    from aiohttp import web

Answer = Callable[[Interaction], None]


class ChatSite:
    """A world behind the chat page.

    Attributes:
        url: scheme, host and port, once it has started.
        world: what the page shows.
    """

    def __init__(self) -> None:
        self.world = World()
        self.world.feed.subscribe(self._on_change)
        self._answers: dict[str, Answer] = {}
        self._expected: list[str] = []
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Serve; a second start after a stop takes the same port again."""
        parts = assemble(self.world, Secret("unused"))
        self._runner = make_runner(build_app(parts, panel_url="http://127.0.0.1:5000/"))
        await self._runner.setup()
        self._port = await listen(self._runner, "127.0.0.1", self._port)

    async def stop(self) -> None:
        """Go away, as a sandbox that is stopped."""
        if self._runner:
            await self._runner.cleanup()

    def shorten_the_wait(self) -> None:
        """Fail unanswered interactions after half a second instead of three."""
        self.world._core.limits = Limits(callback_seconds=0.5)

    def expect_complaint(self, part: str) -> None:
        """Let pages report what contains this text."""
        self._expected.append(part)

    def is_expected(self, complaint: str) -> bool:
        """Tell whether a page's complaint was foreseen."""
        return any(part in complaint for part in self._expected)

    def register(self, bot_id: int, body: dict[str, Any], answer: Answer | None = None) -> None:
        """Give a bot a command; `answer` plays the bot, and without it the bot stays silent."""
        whole = {"type": 1, "description": f"About {body['name']}"} | body
        self.world.commands.upsert(bot_id, None, whole)
        self.world.applications.set_online(bot_id, online=True)
        if answer:
            self._answers[body["name"]] = answer

    def answer_with(self, draft: Callable[[], Draft]) -> Answer:
        """Play a bot that answers with a message."""
        return lambda interaction: self.world.interactions.respond(interaction, ResponseKind.MESSAGE, draft())

    def on_button(self, custom_id: str, answer: Answer) -> None:
        """Play a bot whose button is pressed."""
        self._answers[custom_id] = answer

    def _on_change(self, change: Change) -> None:
        if isinstance(change, InteractionStarted) and change.interaction.name in self._answers:
            answer = self._answers[change.interaction.name]
            asyncio.get_running_loop().call_soon(answer, change.interaction)
