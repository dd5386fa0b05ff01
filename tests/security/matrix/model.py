"""What a row of the table says, and what follows for one person and one object."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Template
from typing import Final

from socialcube.domain.access.types import SITE_PERMISSIONS, Permission

P = Permission
"""Short, since every row names some."""

OWN: Final = "own"
FOREIGN: Final = "foreign"
ABSENT: Final = "absent"
CROSSED: Final = "crossed"
LOST: Final = "lost"
NOTHING: Final = "-"
"""The objects of a cell. What is crossed is foreign, what is lost is absent, and both are asked for under an
address of one's own bot."""


class On(StrEnum):
    """What an address is about.

    `BOT` something of one bot; `LIST` rows of many bots; `SITE` what belongs to no bot; `SELF` what belongs
    to the person who asked for it.
    """

    BOT = "bot"
    LIST = "list"
    SITE = "site"
    SELF = "self"


class Answer(StrEnum):
    """How a request can end."""

    OPEN = "open"
    SIGN_IN = "sign in first"
    NO_ACCESS = "no access at all"
    REFUSED = "refused"
    HIDDEN = "not there"
    LOST = "not there, on a bot that is"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who asks.

    Attributes:
        site: what holds on the site and on every bot.
        bots: what holds on single bots, by `OWN` and `FOREIGN`.
        is_by_group: whether that was granted on groups of which each has that one bot.
    """

    name: str
    site: frozenset[Permission] = frozenset()
    bots: Mapping[str, frozenset[Permission]] = field(default_factory=dict, hash=False)
    is_signed_in: bool = True
    is_by_group: bool = False

    def holds(self, wanted: Iterable[Permission], thing: str) -> bool:
        """Tell whether all of these are held on a bot, or on the site."""
        held = self.site | (self.bots.get(thing, frozenset()) - SITE_PERMISSIONS)
        return held.issuperset(wanted)

    def holds_somewhere(self, permission: Permission) -> bool:
        """Tell whether a permission is held on the site or on one bot at least."""
        return any(self.holds({permission}, thing) for thing in (OWN, FOREIGN))

    def holds_on(self, thing: str) -> bool:
        """Tell whether anything is held on a bot."""
        return bool(self.site or self.bots.get(thing))

    @property
    def holds_nothing(self) -> bool:
        """Tell whether nothing was granted at all."""
        return not self.site and not any(self.bots.values())


@dataclass(frozen=True, slots=True)
class Row:
    """One way through one door.

    Attributes:
        door: method and rule as in the URL map, like `POST /admin/bots/<uuid:bot_id>/stop`.
        needs: all that must be held: on the bot, or on the site when it is about the site. Nothing for
            what everybody may who is signed in.
        on: what it is about.
        is_public: whether strangers may, too.
        entry: what is asked before any object is looked at, if something is; the first need when not said.
        sees: each of these shows that the object is there; without one the answer is that of an absent one.
        at: values of the address's variables, by name; `$name` stands for something of the object. Without
            it the variable `bot_id` is `$bot_id`, and so on.
        query: after the question mark.
        form: what is sent, in the same words.
        gives: statuses that mean that the door is open.
        one_of: one of these must be held beside the needs, if any is named.
        hidden: the status that an absent object gets.
        lost: the status of what is absent under an address of one's own.
        refused: the status for who sees it, and may not; 403 is one in any case.
        changes: whether the open door leaves a trace in the database; a POST does unless said.
        overseer: who holds all of this on the site has the same of everybody.
        overseen: how it ends for them with what is somebody else's.
        always_asks: whether a list makes no sense without its query.
        wants_json: whether a program asks.
        case: tells rows of one door apart.
    """

    door: str
    needs: frozenset[Permission] = frozenset()
    on: On = On.BOT
    is_public: bool = False
    entry: Permission | None = None
    sees: frozenset[Permission] = frozenset()
    at: Mapping[str, str] = field(default_factory=dict, hash=False)
    query: str = ""
    form: Mapping[str, str] = field(default_factory=dict, hash=False)
    gives: frozenset[int] = frozenset()
    one_of: frozenset[Permission] = frozenset()
    hidden: int = 404
    lost: int = 404
    refused: int = 403
    changes: bool = True
    overseer: frozenset[Permission] = frozenset()
    overseen: Answer = Answer.OPEN
    always_asks: bool = False
    wants_json: bool = False
    case: str = ""

    @property
    def method(self) -> str:
        """Give the method."""
        return self.door.partition(" ")[0]

    @property
    def rule(self) -> str:
        """Give the rule."""
        return self.door.partition(" ")[2]

    @property
    def title(self) -> str:
        """Name the row in reports."""
        return f"{self.door} ({self.case})" if self.case else self.door

    def allows(self, holder: Holder, thing: str) -> bool:
        """Tell whether somebody holds all that it takes on a bot, or on the site."""
        some = not self.one_of or any(holder.holds({permission}, thing) for permission in self.one_of)
        return some and holder.holds(self.needs, thing)

    def can_tell(self, holder: Holder, thing: str) -> bool:
        """Tell whether somebody may learn that an object is there."""
        if self.on is On.LIST and not self.needs:
            return holder.holds_on(thing)
        if self.on is On.SELF:
            return bool(self.overseer) and holder.holds(self.overseer, NOTHING)
        return self.allows(holder, thing) or any(holder.holds({one}, thing) for one in self.sees)

    def things(self, holder: Holder) -> tuple[str, ...]:  # noqa: PLR0911 - one for each kind of address
        """Give the objects to try. Where a door looks at no object, or at none in particular, fewer do."""
        named = set(_NAMES.findall(f"{self.path_template()} {self.query}"))
        if not named and not any(map(_NAMES.search, self.form.values())):
            return (NOTHING,)
        if self.on is On.LIST:
            whole = () if self.always_asks else (NOTHING,)
            is_open = holder.is_signed_in and self.expect(holder, OWN) is Answer.OPEN
            return (*(whole or (OWN,)), FOREIGN, ABSENT) if is_open else (FOREIGN,)
        if self.on is On.SITE:
            return (OWN, ABSENT) if self.allows(holder, NOTHING) else (OWN,)
        if not holder.is_signed_in:
            return (FOREIGN,)
        if self.is_shut_to(holder):
            return OWN, FOREIGN
        if self.on is On.BOT and holder.site:
            # What holds on the site makes one bot like another.
            return (OWN, ABSENT) if self.allows(holder, OWN) else (OWN,)
        two = self.on is On.BOT and len(named) > 1 and self.allows(holder, OWN)
        return (OWN, FOREIGN, ABSENT, CROSSED, LOST) if two else (OWN, FOREIGN, ABSENT)

    def is_shut_to(self, holder: Holder) -> bool:
        """Tell whether somebody is refused before any object is looked at."""
        return self.entry is not None and not holder.holds_somewhere(self.entry)

    def parent(self) -> str:
        """Give the name of what comes first in the address."""
        found = _NAMES.search(f"{self.path_template()} {self.query}")
        return found[0].removeprefix("$") if found else ""

    def path_template(self) -> str:
        """Give the address with `$name` in place of its variables."""
        return _VARIABLE.sub(lambda found: self.at.get(found[1], f"${found[1]}"), self.rule)

    def path(self, words: Mapping[str, str], thing: str) -> str:
        """Give the address for an object."""
        query = "" if thing == NOTHING and not self.always_asks else self.query
        whole = f"{self.path_template()}?{query}" if query else self.path_template()
        return Template(whole).substitute(words)

    def body(self, words: Mapping[str, str]) -> dict[str, str]:
        """Give what is sent."""
        return {name: Template(value).substitute(words) for name, value in self.form.items()}

    def expect(self, holder: Holder, thing: str) -> Answer:  # noqa: PLR0911 - the rules, one after another
        """Say how it must end."""
        if self.is_public:
            return Answer.OPEN
        if not holder.is_signed_in:
            return Answer.SIGN_IN
        if self.is_shut_to(holder):
            is_page = self.method == "GET" and not self.wants_json
            return Answer.NO_ACCESS if holder.holds_nothing and is_page else Answer.REFUSED
        if self.on is On.SITE and not self.allows(holder, NOTHING):
            return Answer.REFUSED
        if self.on is On.LIST:
            has_one = not self.one_of or any(map(holder.holds_somewhere, self.one_of))
            has_all = all(map(holder.holds_somewhere, self.needs))
            return Answer.OPEN if has_one and has_all else Answer.REFUSED
        if thing == ABSENT:
            return Answer.HIDDEN
        if thing in {CROSSED, LOST}:
            return Answer.LOST
        if self.on is On.SELF:
            return self._expect_of_self(holder, thing)
        if self.on is not On.BOT or thing == NOTHING or self.allows(holder, thing):
            return Answer.OPEN
        return Answer.REFUSED if self.can_tell(holder, thing) else Answer.HIDDEN

    def statuses(self, answer: Answer) -> frozenset[int]:
        """Give the statuses that an answer can have."""
        is_page = self.method == "GET" and not self.wants_json
        opened = self.gives or frozenset({200} if self.method == "GET" else {303})
        return {
            Answer.OPEN: opened,
            Answer.SIGN_IN: frozenset({302 if is_page else 401}),
            Answer.NO_ACCESS: frozenset({302}),
            Answer.REFUSED: frozenset({self.refused, 403}),
            Answer.HIDDEN: frozenset({self.hidden}),
            Answer.LOST: frozenset({self.lost}),
        }[answer]

    def _expect_of_self(self, holder: Holder, thing: str) -> Answer:
        if thing == FOREIGN:
            is_overseer = bool(self.overseer) and holder.holds(self.overseer, NOTHING)
            return self.overseen if is_overseer else Answer.HIDDEN
        return Answer.OPEN if self.allows(holder, OWN) else Answer.REFUSED


def row(door: str, *needs: Permission, **said: object) -> Row:
    """Write a row: the first need is asked at the door, seeing is `bot.view`, unless said otherwise."""
    defaults: dict[str, object] = {"entry": needs[0] if needs else None}
    if said.get("on", On.BOT) is On.BOT:
        defaults["sees"] = frozenset({Permission.BOT_VIEW})
    for name in ("sees", "gives", "one_of", "overseer"):
        if name in said:
            said[name] = frozenset(said[name])  # type: ignore[call-overload] # written as a set
    return Row(door, frozenset(needs), **(defaults | said))  # type: ignore[arg-type] # fields of a row


_VARIABLE: Final = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
_NAMES: Final = re.compile(r"\$\w+")
