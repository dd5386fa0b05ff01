"""Makes docs/reference/permissions.md from the permissions and the built-in roles."""

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from socialcube.domain.access.types import BOT_PERMISSIONS, EFFECTS, PLANNED, SITE_PERMISSIONS, Permission
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference" / "permissions.md"

_HEAD: Final = """\
# Permissions

<!-- Made by `make docs` from socialcube/domain/access/types.py and accounts/policy/roles.py. -->

One function decides everywhere: `can(actor, permission, subject)`. What acts on Discord has editing and
publishing apart.

## On a bot

A grant on one bot gives these for that bot alone, on a group for each bot that is in it; held on the site,
they count for every bot.
"""
_SITE: Final = """\
## On the site

A grant on a bot or on a group never gives these.
"""
_ROLES: Final = """\
## Built-in roles

They are the same everywhere and cannot be changed. Granted on the site a role counts for every bot, those
made later too; granted on one bot it counts there, and gives nothing on the site.
"""
_RULES: Final = """\
## Rules

- You can give, and take back, only what you hold yourself at that place: on the bot, on every bot of the
  group, or on the site. On a bot or a group that also needs `member.manage` there, on the site `site.admin`.
- Groups of bots are made by owners of the site. A bot that joins or leaves one changes at once what people
  may do with it. A group without bots is granted only by who manages every bot.
- An invite gives its role once, and never more than its maker holds when it is accepted.
- Roles of your own are made by owners of the site. They hold any permissions but `site.admin`. Those
  of features to come cannot be ticked yet, because nothing asks for them: {planned}.
- The lists under *Logs* and *Live* say what happened, to whom and where: `log.view` shows there the server,
  the person and the command of each line, also to those who hold neither `guild.view` nor `command.view`.
- Who holds Manage Server in a Discord server holds `guild.view` and `guild.edit` for that server alone, with
  the bots that allow it, and only on the pages below `/manage/`
  ([server managers](../guides/server-managers.md)).
- The last owner of the site keeps the role, and cannot be switched off.
- What a person may do is read from the database: a grant that was taken back ends within two seconds, on
  open pages too.
- The first owner comes by `ADMIN_DISCORD_IDS`, or by the code of `flask --app wsgi users setup-code`, which
  works only while nobody owns the site.
"""


def permissions_page() -> str:
    """Give the whole page."""
    planned = ", ".join(f"`{permission}`" for permission in sorted(PLANNED))
    parts = [
        _HEAD,
        _effects(BOT_PERMISSIONS),
        _SITE,
        _effects(SITE_PERMISSIONS),
        _ROLES,
        _roles(),
        _RULES.format(planned=planned),
    ]
    return "\n".join(parts)


def _effects(which: AbstractSet[Permission]) -> str:
    rows = [f"| `{permission}` | {EFFECTS[permission]} |" for permission in Permission if permission in which]
    return "\n".join(["| permission | allows |", "| --- | --- |", *rows, ""])


def _roles() -> str:
    roles = BUILT_IN_ROLES.values()
    meanings = [f"- **{role.name}**: {role.description}." for role in roles]
    head = f"| permission | {' | '.join(role.name.lower() for role in roles)} |"
    rows = [
        " | ".join(
            [f"| `{permission}`", *("yes" if permission in role.permissions else "-" for role in roles)]
        )
        + " |"
        for permission in Permission
    ]
    return "\n".join([*meanings, "", head, "| --- |" + " --- |" * len(roles), *rows, ""])
