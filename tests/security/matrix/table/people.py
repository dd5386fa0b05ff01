"""People, roles, and who has which."""

from typing import Final

from tests.security.matrix.holders import ROLES
from tests.security.matrix.model import Answer, On, P, row

_PEOPLE: Final = "/admin/people"
_GRANTS: Final = "/admin/people/grants"
_KEYS: Final = "/admin/api-keys"
_KEY: Final = "id=$key_id"
_ADMIN: Final = {P.SITE_ADMIN}
_INVITES: Final = "/admin/people/invites"
_GROUPS: Final = "/admin/people/groups"
_ROLES: Final = "/admin/roles"
_MANAGES: Final = {P.MEMBER_MANAGE}
_VIEWER: Final = tuple(sorted(ROLES["viewer"]))
_PERSON: Final = "id=$person_id"
_ROLE: Final = "id=$role_id"
_GROUP: Final = "id=$spare_group_id"
_CODE: Final = {"code": "ABCD-EFGH-JKLM-NPQR"}

PEOPLE: Final = (
    row(f"GET {_PEOPLE}/", P.SITE_ADMIN, on=On.SITE),
    row(f"POST {_PEOPLE}/export/", P.SITE_ADMIN, on=On.SITE, gives={200}, changes=False),
    row(f"GET {_PEOPLE}/details/", P.SITE_ADMIN, on=On.SITE, query=_PERSON),
    row(f"GET {_PEOPLE}/edit/", P.SITE_ADMIN, on=On.SITE, query=_PERSON),
    row(
        f"POST {_PEOPLE}/edit/",
        P.SITE_ADMIN,
        on=On.SITE,
        query=_PERSON,
        form={"version": "1", "is_disabled": "y"},
    ),
    row(f"GET {_PEOPLE}/new/", P.SITE_ADMIN, on=On.SITE),
    row(f"POST {_PEOPLE}/new/", P.SITE_ADMIN, on=On.SITE, form={"external_id": "4242", "name": "New"}),
    row(
        f"POST {_PEOPLE}/action/",
        P.SITE_ADMIN,
        on=On.SITE,
        form={"action": "sign_out", "rowid": "$person_id", "confirmed": "1"},
        changes=False,
    ),
    row(f"GET {_ROLES}/", P.SITE_ADMIN, on=On.SITE),
    row(f"GET {_ROLES}/edit/", P.SITE_ADMIN, on=On.SITE, query=_ROLE),
    row(
        f"POST {_ROLES}/edit/",
        P.SITE_ADMIN,
        on=On.SITE,
        query=_ROLE,
        form={"version": "1", "name": "site-role", "permissions": "log.view"},
    ),
    row(f"GET {_ROLES}/new/", P.SITE_ADMIN, on=On.SITE),
    row(f"POST {_ROLES}/new/", P.SITE_ADMIN, on=On.SITE, form={"name": "New", "permissions": "log.view"}),
    row(f"GET {_ROLES}/delete/", P.SITE_ADMIN, on=On.SITE, query=_ROLE),
    row(f"POST {_ROLES}/delete/", P.SITE_ADMIN, on=On.SITE, query=_ROLE, form={"typed": "site-role"}),
    row(f"GET {_GRANTS}/", P.MEMBER_MANAGE, on=On.LIST),
    row(
        f"GET {_GRANTS}/ajax/lookup/",
        P.MEMBER_MANAGE,
        on=On.LIST,
        query="name=user_id&query=site",
        always_asks=True,
    ),
    row(f"GET {_GRANTS}/new/", P.MEMBER_MANAGE, on=On.LIST),
    row(
        f"POST {_GRANTS}/new/",
        P.MEMBER_MANAGE,
        *_VIEWER,
        sees=_MANAGES,
        form={"user_id": "$spare_id", "role_id": "$viewer_role", "place": "bot:$bot_id"},
        hidden=422,
    ),
    row(f"GET {_GRANTS}/delete/", P.MEMBER_MANAGE, sees=_MANAGES, query="id=$grant_id"),
    row(
        f"POST {_GRANTS}/delete/",
        P.MEMBER_MANAGE,
        *_VIEWER,
        sees=_MANAGES,
        query="id=$grant_id",
        form={"typed": "Viewer of $word-member on $word-bot"},
    ),
    row(f"GET {_INVITES}/", P.MEMBER_MANAGE, on=On.LIST),
    row(f"GET {_INVITES}/new/", P.MEMBER_MANAGE, on=On.LIST),
    row(
        f"POST {_INVITES}/new/",
        P.MEMBER_MANAGE,
        *_VIEWER,
        sees=_MANAGES,
        form={"role_id": "$viewer_role", "place": "bot:$bot_id", "hours": "168"},
        gives={201},
        hidden=422,
    ),
    row(f"GET {_INVITES}/details/", P.MEMBER_MANAGE, sees=_MANAGES, query="id=$invite_id"),
    row(f"GET {_INVITES}/delete/", P.MEMBER_MANAGE, sees=_MANAGES, query="id=$invite_id"),
    row(f"POST {_INVITES}/delete/", P.MEMBER_MANAGE, sees=_MANAGES, query="id=$invite_id"),
    row("GET /invite/<code>", on=On.SITE, is_public=True, at=_CODE, gives={404}),
    row("POST /invite/<code>", on=On.LIST, at=_CODE, gives={404}, changes=False),
    row(f"GET {_GROUPS}/", P.MEMBER_MANAGE, on=On.LIST, query="search=$word"),
    row(f"GET {_GROUPS}/<uuid:group_id>/", P.MEMBER_MANAGE, sees=()),
    row(
        f"POST {_GROUPS}/<uuid:group_id>/members",
        P.MEMBER_MANAGE,
        *_VIEWER,
        sees=_MANAGES,
        form={"user_id": "$spare_id", "role_id": "$viewer_role"},
    ),
    row(
        f"POST {_GROUPS}/<uuid:group_id>/members/<uuid:grant_id>/take",
        P.MEMBER_MANAGE,
        *_VIEWER,
        sees=_MANAGES,
        at={"grant_id": "$group_grant_id"},
    ),
    row(
        f"POST {_GROUPS}/<uuid:group_id>/members/invites/<uuid:invite_id>/cancel",
        P.MEMBER_MANAGE,
        sees=(),
        at={"invite_id": "$group_invite_id"},
    ),
    row(f"GET {_GROUPS}/new/", P.SITE_ADMIN, on=On.SITE),
    row(f"POST {_GROUPS}/new/", P.SITE_ADMIN, on=On.SITE, form={"name": "New"}),
    row(f"GET {_GROUPS}/edit/", P.SITE_ADMIN, on=On.SITE, query=_GROUP),
    row(
        f"POST {_GROUPS}/edit/",
        P.SITE_ADMIN,
        on=On.SITE,
        query=_GROUP,
        form={"version": "1", "name": "Newer"},
    ),
    row(f"GET {_GROUPS}/delete/", P.SITE_ADMIN, on=On.SITE, query=_GROUP),
    row(f"POST {_GROUPS}/delete/", P.SITE_ADMIN, on=On.SITE, query=_GROUP, form={"typed": "site-group"}),
    row(f"GET {_KEYS}/", P.APIKEY_MANAGE, on=On.LIST, query="search=$word"),
    row(f"GET {_KEYS}/new/", P.APIKEY_MANAGE, on=On.LIST),
    row(
        f"POST {_KEYS}/new/",
        P.APIKEY_MANAGE,
        P.BOT_VIEW,
        on=On.LIST,
        form={"name": "New", "scopes": "bot.view", "reach": "all", "days": "7"},
        gives={201},
        refused=422,
    ),
    row(f"GET {_KEYS}/details/", on=On.SELF, entry=P.APIKEY_MANAGE, query=_KEY, overseer=_ADMIN),
    row(f"GET {_KEYS}/rotate/", on=On.SELF, entry=P.APIKEY_MANAGE, query=_KEY, overseer=_ADMIN),
    row(
        f"POST {_KEYS}/rotate/",
        on=On.SELF,
        entry=P.APIKEY_MANAGE,
        query=_KEY,
        form={"hours": "1"},
        gives={201},
        overseer=_ADMIN,
        overseen=Answer.REFUSED,
    ),
    row(f"GET {_KEYS}/delete/", on=On.SELF, entry=P.APIKEY_MANAGE, query=_KEY, overseer=_ADMIN),
    row(f"POST {_KEYS}/delete/", on=On.SELF, entry=P.APIKEY_MANAGE, query=_KEY, overseer=_ADMIN),
    row(
        f"POST {_KEYS}/action/",
        on=On.SELF,
        entry=P.APIKEY_MANAGE,
        form={"action": "revoke", "rowid": "$key_id", "confirmed": "1"},
        overseer=_ADMIN,
    ),
)
