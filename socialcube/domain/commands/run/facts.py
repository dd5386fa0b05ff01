"""What the templates of a command see of one use. Mentions are written as Discord writes them."""

from collections.abc import Mapping
from typing import Any

from socialcube.domain.commands.documents import CommandDocument
from socialcube.domain.commands.types import Invocation
from socialcube.engine.context import BotView, ChannelView, Context, ServerView, UserView


def to_context(
    invocation: Invocation, document: CommandDocument, bot: BotView, settings: Mapping[str, object]
) -> Context:
    """Put together the facts of a run. `settings` are those of the server, as plain data.

    Raises:
        TypeError: the adapter gave a value that is not plain data.
    """
    person = invocation.person
    return Context(
        user=UserView(
            id=str(person.id),
            name=person.name,
            display_name=person.display_name or person.name,
            mention=f"<@{person.id}>",
        ),
        bot=bot,
        server=_server(invocation),
        channel=ChannelView(
            id=str(invocation.channel_id),
            name=invocation.channel_name,
            mention=f"<#{invocation.channel_id}>",
        ),
        options=_options(invocation, document),
        settings=dict(settings),
    )


def _server(invocation: Invocation) -> ServerView | None:
    if invocation.guild_id is None:
        return None
    return ServerView(id=str(invocation.guild_id), name=invocation.guild_name)


def _options(invocation: Invocation, document: CommandDocument) -> dict[str, Any]:
    """Name every option, so that a template can ask for one that was left out."""
    return {**dict.fromkeys(option.name for option in document.options), **invocation.options}
