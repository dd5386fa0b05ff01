"""Commands for tests."""

from typing import Any
from uuid import UUID

from factory.base import Factory
from factory.declarations import LazyAttribute, LazyFunction, Sequence
from sqlalchemy.orm import Session

from socialcube.domain.commands import documents, policy
from socialcube.domain.commands.documents import CommandDocument
from socialcube.domain.commands.models import Command, CommandVersion
from socialcube.domain.commands.types import (
    DesiredCommand,
    Invocation,
    Person,
    PublishedCommand,
    RemoteCommand,
)
from socialcube.kernel.ids import new_id
from tests.fakes.clock import START


def make_reply_step(text: str = "Hello", **params: Any) -> dict[str, Any]:
    """Make a raw step that answers."""
    return {"id": "answer", "type": "reply", "params": {"text": text, **params}}


def make_raw_command(**changes: Any) -> dict[str, Any]:
    """Make the raw document of a command that says hello."""
    raw = {"schema": 1, "name": "hello", "description": "Say hello", "steps": [make_reply_step()]}
    return raw | changes


def make_raw_option(**changes: Any) -> dict[str, Any]:
    """Make the raw document of a text option."""
    return {"name": "word", "type": "string", "description": "A word"} | changes


class PersonFactory(Factory[Person]):
    class Meta:
        model = Person

    id = Sequence(lambda number: 6_000_000 + number)
    name = "ann"
    display_name = "Ann"


class InvocationFactory(Factory[Invocation]):
    class Meta:
        model = Invocation

    event_id = LazyFunction(new_id)
    bot_id = LazyFunction(new_id)
    external_id = Sequence(lambda number: 7_000_000 + number)
    command_name = "hello"
    guild_id = 31
    guild_name = "Garden"
    channel_id = 41
    channel_name = "general"
    person = LazyFunction(PersonFactory.build)
    options = LazyFunction(dict)
    received_at = START
    received = 1000.0


class PublishedCommandFactory(Factory[PublishedCommand]):
    class Meta:
        model = PublishedCommand

    command_id = LazyFunction(new_id)
    name = LazyAttribute(lambda command: command.document["name"])
    version = 1
    guild_id = None
    document = LazyFunction(make_raw_command)
    digest = LazyAttribute(lambda command: policy.digest(command.document))


def make_document(**changes: Any) -> CommandDocument:
    """Make a document that keeps every rule, unless the changes break one."""
    return CommandDocument.model_validate(make_raw_command(**changes))


def make_invocation(**changes: Any) -> Invocation:
    """Make a use of /hello by Ann."""
    return InvocationFactory.build(**changes)


def make_published(**changes: Any) -> PublishedCommand:
    """Make a live command; `name` gives it another name."""
    if "name" in changes and "document" not in changes:
        changes["document"] = make_raw_command(name=changes["name"])
    return PublishedCommandFactory.build(**changes)


def make_desired(name: str = "hello", guild_id: int | None = None, **changes: Any) -> DesiredCommand:
    """Make what should be registered; the changes go into the document."""
    document = make_document(name=name, **changes)
    body = documents.to_registration(document, guild_id)
    digest = policy.digest(policy.normalise(body))
    return DesiredCommand(new_id(), guild_id, name, body, digest, document)


def make_remote(
    name: str = "hello", guild_id: int | None = None, *, external_id: int = 1, kind: int = 1, **changes: Any
) -> RemoteCommand:
    """Make what Discord shows for /hello; the changes go into its body."""
    body = {
        "id": str(external_id),
        "application_id": "9",
        "version": "10",
        "type": kind,
        "name": name,
        "description": "Say hello",
        "default_member_permissions": None,
        "name_localizations": None,
        "description_localizations": None,
        "nsfw": False,
    }
    body |= {"contexts": [1, 0]} if guild_id is None else {"guild_id": str(guild_id), "contexts": None}
    return RemoteCommand(external_id, guild_id, name, kind, body | changes)


def store_command(
    session: Session, bot_id: UUID, name: str = "hello", *, needs: int = 0, **changes: Any
) -> Command:
    """Store a command; with `published_version` it is live in that version, and needs these permissions."""
    raw = make_raw_command(name=name)
    command = Command(
        id=new_id(),
        bot_id=bot_id,
        name=name,
        description=raw["description"],
        document={"schema": 1, "steps": raw["steps"]},
        digest=policy.digest(raw),
        created_at=START,
        updated_at=START,
        **changes,
    )
    session.add(command)
    session.flush()
    if command.published_version is not None:
        session.add(
            CommandVersion(
                command_id=command.id,
                number=command.published_version,
                document=raw,
                digest=policy.digest(raw),
                needs=needs,
                published_by="user:noise",
                published_at=START,
            )
        )
        session.flush()
    return command
