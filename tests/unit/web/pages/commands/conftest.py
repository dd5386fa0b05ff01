from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.types import BotIdentity
from socialcube.domain.commands import queries, service
from socialcube.domain.commands.documents import CommandDocument
from socialcube.domain.commands.types import CommandView
from socialcube.kernel.secrets import Secret
from tests.factories.commands import make_raw_command
from tests.fakes.sealing import FakeSealer
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

AUTHOR = frozenset({Permission.BOT_VIEW, Permission.COMMAND_VIEW, Permission.COMMAND_EDIT})
PUBLISHER = AUTHOR | {Permission.COMMAND_PUBLISH}
_SYSTEM = Actor.system("tests")

Pairs = list[tuple[str, str]]


class FormReader(HTMLParser):
    """Collects what a browser would send of one form (HTML, "Constructing the entry list")."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.pairs: Pairs = []
        self._form_id = form_id
        self._inside = False
        self._select = self._area = ""
        self._options: list[tuple[str, bool]] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self._form_id
        if not self._inside:
            return
        if tag == "input":
            self._take_input(given, is_checked="checked" in given)
        elif tag == "select":
            self._select, self._options = given["name"], []
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._area, self._text = given["name"], ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            self.pairs.append((self._select, (chosen or [self._options[0][0]])[0]))
            self._select = ""
        elif tag == "textarea" and self._area:
            # A browser drops the first line break of a text area, and sends all others as CR LF.
            text = self._text.removeprefix("\n").replace("\n", "\r\n")
            self.pairs.append((self._area, text))
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def _take_input(self, given: dict[str, str], *, is_checked: bool) -> None:
        if given.get("type") in {"checkbox", "radio"} and not is_checked:
            return
        self.pairs.append((given["name"], given.get("value", "")))


def read_form(html: str, form_id: str = "editor") -> Pairs:
    """Give what a browser would send of a form."""
    reader = FormReader(form_id)
    reader.feed(html)
    return reader.pairs


@dataclass
class Desk:
    """A site with a bot, and a person who looks at its commands.

    Attributes:
        client: acts as the person.
    """

    site: Site
    bot_id: UUID
    client: SignedInClient

    def become(
        self, permissions: Iterable[Permission], *, on: UUID | None = None, name: str = "Jonas"
    ) -> None:
        """Go on as somebody with these permissions, on this bot unless another one is named."""
        self.client = sign_in(self.site.app, name=name, permissions=permissions, bots=[on or self.bot_id])

    def add_bot(self, name: str, external_id: int) -> UUID:
        """Store another bot."""
        return store_bot(self.site, name, external_id)

    def add(self, **changes: Any) -> UUID:
        """Store the draft of a command."""
        document = CommandDocument.model_validate(make_raw_command(**changes))
        with self.site.unit() as uow:
            command_id = service.create_draft(uow, _SYSTEM, self.bot_id, document)
            uow.commit()
        return command_id

    def publish(self, name: str = "hello", **facts: Any) -> None:
        """Publish a command behind the person's back."""
        with self.site.unit() as uow:
            service.publish(uow, _SYSTEM, self.bot_id, name, **facts)
            uow.commit()

    def document(self, name: str = "hello") -> dict[str, Any]:
        """Give the stored draft."""
        with self.site.services.shared.reads() as session:
            return dict(queries.get_draft(session, self.bot_id, name).document)

    def view(self, name: str = "hello") -> CommandView:
        """Give the command as lists show it."""
        with self.site.services.shared.reads() as session:
            return queries.get_command(session, self.bot_id, name)

    def get(self, path: object) -> TestResponse:
        """Open a page of commands."""
        return self.client.get(f"/admin/commands/{path}")

    def post(self, path: object, data: object) -> TestResponse:
        """Send a form."""
        return self.client.post(f"/admin/commands/{path}", data=data)

    def form(self, command_id: UUID, changes: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
        """Give what the editor would send, with some fields typed over."""
        form: dict[str, Any] = {}
        for name, value in read_form(self.get(f"{command_id}/").text):
            form.setdefault(name, []).append(value)
        return {**form, "do": "save", **changes}


def store_bot(site: Site, name: str, external_id: int) -> UUID:
    """Store a bot."""
    with site.unit() as uow:
        bot_id = bots.create_bot(
            uow,
            _SYSTEM,
            FakeSealer(),
            identity=BotIdentity(external_id=external_id, name=name),
            token=Secret("one.two.three"),
            intents=1,
        )
        uow.commit()
    return bot_id


@pytest.fixture
def desk(site: Site) -> Desk:
    bot_id = store_bot(site, "Greenhouse", 77)
    return Desk(site, bot_id, sign_in(site.app, permissions=PUBLISHER, bots=[bot_id]))
