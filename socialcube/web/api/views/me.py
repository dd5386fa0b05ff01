"""What this key may do."""

from socialcube.domain.accounts import queries as accounts
from socialcube.web import guard, identity
from socialcube.web.api.blueprint import v1
from socialcube.web.api.operations import operation
from socialcube.web.api.shapes.me import BotPermissions, Key, Maker, Me
from socialcube.web.context import services


@v1.get("/me")
@guard.signed_in
@operation("This key", "What this key may do")
def show_me() -> Me:
    """Tell what the key of this request may do at this moment.

    It is what the key was made for, as far as whoever made it may do the same now.
    """
    program = identity.program()
    key, actor = program.key, program.actor
    maker = accounts.get_user(services().session(), key.user_id)
    return Me(
        key=Key(
            id=key.id,
            public_id=key.public_id,
            name=key.name,
            scopes=sorted(key.scopes),
            bot_ids=None if key.bot_ids is None else sorted(key.bot_ids),
            created_at=key.created_at,
            expires_at=key.expires_at,
        ),
        maker=Maker(id=maker.id, name=maker.display_name),
        everywhere=sorted(actor.permissions),
        bots=[
            BotPermissions(bot_id=bot_id, permissions=sorted(held))
            for bot_id, held in sorted(actor.bot_permissions.items())
        ],
    )
