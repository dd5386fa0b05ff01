"""Users and members as Discord's JSON."""

from datetime import datetime
from typing import Any

from socialcube.sandbox.pictures.designs import avatar_of
from socialcube.sandbox.world.records import Member, User

Json = dict[str, Any]


def timestamp(moment: datetime) -> str:
    """Give a time as Discord writes it: ISO 8601 with microseconds and offset."""
    return moment.isoformat(timespec="microseconds")


def picture_of(user: User) -> str | None:
    """Give the name of a user's picture: what was uploaded, or what was drawn for the first day."""
    return (user.avatar or None) if user.avatar is not None else avatar_of(user.id)


def user_json(user: User) -> Json:
    """Give a user object (Discord docs, "User")."""
    shape: Json = {
        "id": str(user.id),
        "username": user.username,
        "discriminator": "0000" if user.bot else "0",
        "global_name": user.global_name,
        "avatar": picture_of(user),
        "banner": user.banner,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    return shape | {"bot": True} if user.bot else shape


def own_user_json(user: User) -> Json:
    """Give a user object with the fields that only the user sees."""
    return user_json(user) | {
        "mfa_enabled": False,
        "locale": "en-US",
        "premium_type": 0,
        "verified": True,
        "email": None,
    }


def member_json(member: Member) -> Json:
    """Give a member object without its user (Discord docs, "Guild Member")."""
    return {
        "nick": member.nick,
        "roles": [str(role_id) for role_id in member.role_ids],
        "joined_at": timestamp(member.joined_at),
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "collectibles": None,
        "communication_disabled_until": None,
        "premium_since": None,
        "flags": 0,
        "pending": False,
        "mute": False,
        "deaf": False,
    }


def full_member_json(member: Member, user: User) -> Json:
    """Give a member object with its user."""
    return member_json(member) | {"user": user_json(user)}
