"""One site for the whole matrix: a database with two bots, and everybody who asks signed in already."""

import gc
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import pytest

import config
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import queries, service
from socialcube.domain.bots.models import Bot
from socialcube.web.app import create_app
from socialcube.web.context import services_of
from socialcube.web.extensions import db
from tests.factories.bots import make_identity
from tests.factories.jobs import make_job
from tests.factories.settings import make_environ
from tests.security.matrix.asking import Browser, Came, Snapshot, ask, browser_of, path_of, stranger_of
from tests.security.matrix.holders import ROLES, STRANGER, holders_of
from tests.security.matrix.model import FOREIGN, OWN, Holder, Row
from tests.security.matrix.table import TABLE
from tests.security.matrix.world import World, delete_the_gone, furnish, give_export, store_key
from tests.support.migrated import migrated_url
from tests.support.signing_in import SignedIn, add_person
from tests.unit.web.conftest import Site

_ROOT: Final = Actor.system("tests")


@dataclass
class Matrix:
    """The furnished site.

    Attributes:
        people: who is signed in, by the holder's name.
        browsers: of those who ask, by the holder's name.
    """

    site: Site
    world: World
    snapshot: Snapshot
    people: dict[str, SignedIn] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def ask(
        self, browser: Browser, holder: Holder, row: Row, thing: str, *, follow: bool
    ) -> tuple[Came, list[str]]:
        """Send the request of a row, and put all back. Gives the answer and the tables that changed."""
        words = self.world.words_of(thing, holder.name, row.parent())
        visitors = dict(self.site.cache.documents)
        came = ask(self.site.app, browser, row, words, thing, follow=follow)
        self.site.cache.documents = visitors
        self.site.limits.tries.clear()
        return came, self.snapshot.changes()


@pytest.fixture(scope="session")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    folder = tmp_path_factory.mktemp("matrix")
    url = migrated_url(folder / "matrix.db")
    app = create_app(config.load_settings(make_environ(DATABASE_URL=url, VAR_DIR=str(folder / "var"))))
    site = Site(app)
    world = furnish(site)
    people = _sign_in_all(site, world)
    browsers = {name: browser_of(app, person) for name, person in people.items()}
    delete_the_gone(site, world)
    browsers[STRANGER.name] = stranger_of(app)
    _know_tokens(site, world)
    matrix = Matrix(site, world, Snapshot(path_of(app)), people, browsers)
    # Thousands of requests make much that is thrown away at once: what stays need not be walked each time.
    gc.collect()
    gc.freeze()
    yield matrix
    gc.unfreeze()
    matrix.snapshot.close()
    with app.app_context():
        db.engine.dispose()
    services_of(app).close()


def _sign_in_all(site: Site, world: World) -> dict[str, SignedIn]:
    everybody = {holder.name: holder for row in TABLE for holder in holders_of(row)}
    people = {}
    for name, holder in everybody.items():
        if holder.is_signed_in:
            person = add_person(site.services.shared, name=name, role=None)
            _grant(site, world, person, holder)
            trials = {thing: _give_trial(site, world.words[thing], person) for thing in (OWN, FOREIGN)}
            mine = give_export(site, person.user.id, world.words[OWN]["bot_id"]) | _give_browser(site, person)
            world.mine[name] = trials | {OWN: trials[OWN] | mine}
            people[name] = person
    return people


def _grant(site: Site, world: World, person: SignedIn, holder: Holder) -> None:
    with site.unit() as uow:
        for held, place in _places_of(world, holder):
            if held:
                service.grant_role(uow, _ROOT, user_id=person.user.id, role_id=_role_of(uow, held), **place)
        uow.commit()


def _places_of(world: World, holder: Holder) -> Iterator[tuple[frozenset[Permission], dict[str, UUID]]]:
    """Give what is held where: on the bot, on its group, and on the one that was deleted."""
    yield holder.site, {}
    for thing, held in holder.bots.items():
        words = world.words[thing]
        if holder.is_by_group:
            yield held, {"group_id": UUID(words["group_id"])}
        else:
            yield held, {"bot_id": UUID(words["bot_id"])}
            yield held, {"bot_id": UUID(words["gone_id"])}


def _role_of(uow: UnitOfWork, held: frozenset[Permission]) -> UUID:
    """Find the built-in role of these permissions, or a role that was made of them, or make it."""
    for name, permissions in ROLES.items():
        if permissions == held:
            return queries.get_role(uow.session, name).id
    found = queries.find_role(uow.session, name := f"custom {zlib.crc32(repr(sorted(held)).encode()):x}")
    return found.id if found else service.create_role(uow, _ROOT, name=name, permissions=held)


def _give_trial(site: Site, words: Mapping[str, str], person: SignedIn) -> dict[str, str]:
    with site.unit() as uow:
        job = make_job(
            uow.session,
            bot_id=UUID(words["bot_id"]),
            asked_by=f"user:{person.user.id}",
            payload={"command": f"{words['word']}-cmd", "options": {}, "person": "", "server": ""},
        )
        uow.commit()
        return {"own_trial_id": str(job.id)}


def _give_browser(site: Site, person: SignedIn) -> dict[str, str]:
    """Sign somebody in elsewhere, too, and give them a key."""
    with site.unit() as uow:
        row = service.open_session(uow, person.user.id, token_hash=f"elsewhere {person.user.id}"[:64])
        key_id, _ = store_key(site, uow, person.user.id)
        uow.commit()
        return {"session_id": str(row.id), "key_id": key_id}


def _know_tokens(site: Site, world: World) -> None:
    """Teach Discord's stand-in whose token is whose."""
    with site.unit() as uow:
        for words in (world.words[OWN], world.words[FOREIGN]):
            bot = uow.session.get_one(Bot, UUID(words["bot_id"]))
            found = make_identity(external_id=bot.external_id, name=bot.name)
            site.directory.identities[f"good.{words['word']}.token"] = found
    site.directory.identities["good.new.token"] = make_identity(name="Fresh")
