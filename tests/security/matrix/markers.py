"""Words that stand in the database under one permission each, and whether somebody may read them."""

import re
from collections.abc import Iterator
from typing import Final

from tests.security.matrix.model import FOREIGN, OWN, Holder, P
from tests.security.matrix.world import WORDS

_ANY: Final = frozenset(P)
READERS: Final = {
    # Whoever holds anything on a bot may know what it is called.
    "bot": _ANY,
    "member": frozenset({P.MEMBER_MANAGE}),
    "group": frozenset({P.MEMBER_MANAGE}),
    "guild": frozenset({P.GUILD_VIEW, P.COMMAND_VIEW, P.BOT_EDIT}),
    "field": frozenset({P.BOT_VIEW, P.BOT_EDIT, P.GUILD_VIEW}),
    "cmd": frozenset({P.COMMAND_VIEW, P.BOT_EDIT, P.GUILD_EDIT}),
    "run": frozenset({P.LOG_VIEW, P.LOG_EXPORT}),
    "log": frozenset({P.LOG_VIEW, P.LOG_EXPORT}),
    "err": frozenset({P.LOG_VIEW, P.LOG_EXPORT}),
    "alert": frozenset({P.ALERT_EDIT}),
    "sealed": frozenset(),
}
"""Which permissions on the bot let people read a name of each kind: one of them is enough."""

SITE_READERS: Final = {
    "request": frozenset({P.SYSTEM_VIEW}),
    "role": frozenset({P.SITE_ADMIN, P.MEMBER_MANAGE}),
    "group": frozenset({P.SITE_ADMIN, P.MEMBER_MANAGE}),
    "person": frozenset({P.SITE_ADMIN, P.MEMBER_MANAGE}),
    "spare": frozenset({P.SITE_ADMIN, P.MEMBER_MANAGE}),
}

_THINGS: Final = {WORDS[thing]: thing for thing in (OWN, FOREIGN)}
_MARKER: Final = re.compile(rf"\b({'|'.join(_THINGS)}|site)-({'|'.join((*READERS, *SITE_READERS))})\b")


def unseemly(text: str, holder: Holder) -> Iterator[str]:
    """Give the words of a text that somebody may not read, each once."""
    for word, kind in sorted(set(_MARKER.findall(text))):
        if word == "site":
            may = any(holder.holds_somewhere(permission) for permission in SITE_READERS[kind])
        else:
            may = any(holder.holds({permission}, _THINGS[word]) for permission in READERS[kind])
        # Whoever manages members anywhere chooses them among the people of the site.
        is_group = kind == "group" and holder.is_by_group
        if not may and not is_group and not (kind == "member" and holder.holds_somewhere(P.MEMBER_MANAGE)):
            yield f"{word}-{kind}"
