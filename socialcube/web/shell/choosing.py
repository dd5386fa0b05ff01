"""The switch above the sidebar: which bots the pages show."""

from dataclasses import asdict, dataclass
from typing import Final

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots import queries as bots
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.paths import page_before, wants_json
from socialcube.web.shell.choice import BOT, TAG, find_choice, keep_choice, resolve

MOST: Final = 50
_MAX_WORDS: Final = 100

blueprint: Final = Blueprint("shown_bots", __name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to choose, as the page and the palette show it.

    Attributes:
        key: what is sent; empty for all bots.
        note: tells offers of one name apart.
        icon: name in the sprite.
    """

    key: str
    kind: str
    label: str
    note: str
    icon: str


@blueprint.get("/admin/shown-bots")
@guard.needs(Permission.BOT_VIEW)
def choose() -> ResponseReturnValue:
    """Offer all bots, the tags and the bots that fit the words."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:_MAX_WORDS]
    offers = _list_offers(identity.scope(Permission.BOT_VIEW), words)
    if wants_json():
        return jsonify(places=[asdict(offer) for offer in offers])
    return render_template("shell/shown_bots.html", offers=offers, words=words, chosen=find_choice())


@blueprint.post("/admin/shown-bots")
@guard.needs(Permission.BOT_VIEW)
def keep() -> ResponseReturnValue:
    """Show these bots from now on.

    Raises:
        InvalidInputError: there is no such tag or bot, or the person may not see it; all look alike.
    """
    key = str((request.get_json() or {}).get("key", "")) if request.is_json else request.form.get("key", "")
    choice = resolve(services().session(), identity.scope(Permission.BOT_VIEW), key) if key else None
    if key and choice is None:
        raise InvalidInputError(reason="there is no such bot or tag")
    keep_choice(choice)
    return jsonify(key=key) if wants_json() else redirect(page_before("/admin/"), 303)


def count_bots() -> int:
    """Count the bots that the person may see, for the switch."""
    return bots.count_bots(services().session(), scope=identity.scope(Permission.BOT_VIEW))


def _list_offers(scope: Scope, words: str) -> list[Offer]:
    session, asked = services().session(), words.casefold()
    count = bots.count_bots(session, scope=scope)
    everything = [Offer("", "", "All bots", _many(count), "bot")]
    tags = [
        Offer(f"{TAG}{tag}", "Tag", tag, _many(many), "tag")
        for tag, many in bots.list_tags(session, scope=scope)
        if asked in tag.casefold()
    ]
    found = bots.list_bots(session, scope=scope, text=words)
    singles = [Offer(f"{BOT}{bot.id}", "Bot", bot.name, ", ".join(bot.tags), "bot") for bot in found[:MOST]]
    return [*(everything if asked in "all bots" else []), *tags[:MOST], *singles]


def _many(count: int) -> str:
    return f"{count:,} {'bot' if count == 1 else 'bots'}"
