"""Names for whoever acted, as audit rows, versions and requests note them."""

from uuid import UUID

from flask import g

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.api_keys import queries as api_keys
from socialcube.domain.api_keys.errors import KeyNotFoundError
from socialcube.kernel.ids import read_id
from socialcube.web.context import services


def name_actor(text: str) -> str:
    """Name an actor: people and keys by their names, each read once for a request, processes in words."""
    kind, _, key = text.partition(":")
    match kind:
        case "user":
            return _name_person(key)
        case "key":
            return _name_key(key)
        case "cli":
            return f"{key} at the command line"
        case "fleet":
            return "A bot runner"
        case "system":
            return "Social Cube"
    return text


def _name_person(key: str) -> str:
    known: dict[str, str] = g.setdefault("names_of_people", {})
    if key not in known:
        known[key] = _find_name(read_id(key))
    return known[key]


def _name_key(key: str) -> str:
    known: dict[str, str] = g.setdefault("names_of_keys", {})
    if key not in known:
        try:
            known[key] = f"API key {api_keys.get_key(services().session(), key).name}"
        except KeyNotFoundError:
            known[key] = "an API key that is gone"
    return known[key]


def _find_name(user_id: UUID | None) -> str:
    found = accounts.find_user(services().session(), user_id) if user_id else None
    return found.display_name if found else "somebody who is gone"
