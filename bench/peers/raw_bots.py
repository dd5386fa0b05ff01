"""Bots as one writes them by hand on py-cord, many in one process, as lean as the library allows.

`python -m bench.peers.raw_bots http://127.0.0.1:1234/api/v10 100000 100` starts a hundred and says `ready`.
"""

import asyncio
import gc
import logging
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any, Final

import discord
from discord.ext import commands

from socialcube.sandbox.world import tokens

TOO_OFTEN: Final = 5
USES: Final = 5
SECONDS: Final = 10.0
_STAGGER_SECONDS: Final = 0.02
_log = logging.getLogger("bench.raw")


def make_bot() -> discord.Bot:
    """Make a bot with one command, that caches nothing it does not need."""
    bot = discord.Bot(  # type: ignore[no-untyped-call] # py-cord gives it no types
        intents=discord.Intents(guilds=True, guild_messages=True),
        max_messages=None,
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        cache_default_sounds=False,
        allowed_mentions=discord.AllowedMentions.none(),
    )

    @bot.slash_command(name="greet", description="Greet somebody")
    @discord.default_permissions(send_messages=True)
    @commands.cooldown(USES, SECONDS, commands.BucketType.user)
    async def greet(
        context: discord.ApplicationContext,
        who: Annotated[str, discord.Option(str, "Whom to greet")],
        times: Annotated[int, discord.Option(int, "How often")],
    ) -> None:
        if times >= TOO_OFTEN:
            await context.respond("That is too often.")
        else:
            await context.respond(f"Hello {who}, {times} times!")
        _log.info("greet of bot %s by %s", bot.application_id, context.author.id)

    return bot


async def run(base_url: str, first_id: int, count: int) -> None:
    """Start the bots, freeze what they have, and run them until the process is ended."""
    discord.http.Route.API_BASE_URL = base_url
    with tempfile.TemporaryDirectory() as folder:
        _log_to(Path(folder) / "uses.log")
        bots = [make_bot() for _ in range(count)]
        running = []
        for number, bot in enumerate(bots):
            running.append(asyncio.create_task(bot.start(tokens.bot_token(first_id + number))))
            await asyncio.sleep(_STAGGER_SECONDS)
        await asyncio.gather(*(bot.wait_until_ready() for bot in bots))
        gc.collect()
        gc.freeze()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.gather(*running)


def _log_to(path: Path) -> None:
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False


def main(arguments: list[str]) -> Any:
    """Read the arguments and run."""
    base_url, first_id, count = arguments
    asyncio.run(run(base_url, int(first_id), int(count)))


if __name__ == "__main__":
    main(sys.argv[1:])
