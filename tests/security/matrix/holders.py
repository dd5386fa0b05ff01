"""Who asks: each role on one's own bot, people with one permission or all but one, and people elsewhere."""

from collections.abc import Iterable
from typing import Final

from socialcube.domain.access.types import BOT_PERMISSIONS, Permission
from tests.security.matrix.model import FOREIGN, OWN, Holder, Row

_ALL: Final = frozenset(Permission)
_VIEWER: Final = frozenset(
    {Permission.BOT_VIEW, Permission.COMMAND_VIEW, Permission.GUILD_VIEW, Permission.LOG_VIEW}
)

ROLES: Final = {
    "viewer": _VIEWER,
    "operator": _VIEWER | {Permission.BOT_CONTROL, Permission.LOG_EXPORT},
    "editor": _VIEWER
    | {
        Permission.COMMAND_EDIT,
        Permission.AUTOMATION_EDIT,
        Permission.GUILD_EDIT,
        Permission.VARIABLE_EDIT,
    },
    "manager": BOT_PERMISSIONS - {Permission.BOT_TOKEN, Permission.BOT_DELETE},
    "owner": _ALL,
}
"""What the built-in roles hold, written out: a change of the product must be made here, too."""

STRANGER: Final = Holder("stranger", is_signed_in=False)
NOBODY: Final = Holder("nobody")
SITE_OWNER: Final = Holder("site owner", site=_ALL)
ELSEWHERE: Final = Holder("owner elsewhere", bots={FOREIGN: _ALL})
ONLOOKER: Final = Holder(
    "owner who sees the other", bots={OWN: _ALL, FOREIGN: frozenset({Permission.BOT_VIEW})}
)

BY_GROUP: Final = Holder("manager by group", bots={OWN: ROLES["manager"]}, is_by_group=True)

ALWAYS: Final = (
    STRANGER,
    NOBODY,
    *(Holder(name, bots={OWN: held}) for name, held in ROLES.items()),
    SITE_OWNER,
    ELSEWHERE,
    ONLOOKER,
    BY_GROUP,
)
"""Who knocks at every door."""


def holders_of(row: Row) -> tuple[Holder, ...]:
    """Give who knocks at the door of a row: these sharpen what it says of its permissions."""
    needs = row.needs | row.one_of
    if not needs:
        return ALWAYS
    # Managing the site belongs to the role Owner alone, so nobody holds it by itself.
    choices: list[frozenset[Permission]] = [frozenset({one}) for one in sorted(row.one_of)]
    exact = [exactly(row.needs | choice) for choice in choices or [frozenset()]]
    without = [all_but({permission}) for permission in sorted(row.needs)]
    none = [all_but(row.one_of)] if row.one_of else []
    return (*ALWAYS, *(exact if Permission.SITE_ADMIN not in needs else ()), *without, *none)


def exactly(permissions: Iterable[Permission]) -> Holder:
    """Give somebody with a role of exactly these, on the own bot or, for what only the site has, on it."""
    return _custom("only", frozenset(permissions))


def all_but(permissions: Iterable[Permission]) -> Holder:
    """Give somebody who holds everything but these, everywhere."""
    lacking = frozenset(permissions)
    return Holder(f"all but {' '.join(sorted(lacking))}", site=_ALL - lacking - {Permission.SITE_ADMIN})


def _custom(word: str, held: frozenset[Permission]) -> Holder:
    name = f"{word} {' '.join(sorted(held))}"
    if held <= BOT_PERMISSIONS:
        return Holder(name, bots={OWN: held})
    return Holder(name, site=held)
