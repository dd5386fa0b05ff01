"""Pictures: who may fetch which, how browsers keep them, and what pages draw."""

from dataclasses import dataclass, field, replace

import pytest
from flask import render_template_string

from socialcube.domain.accounts import service as accounts
from socialcube.domain.accounts.types import Profile
from socialcube.domain.bots.types import Platform
from socialcube.domain.guilds import service as guilds
from socialcube.domain.pictures.types import PictureAddress, PictureKind
from socialcube.infra.discord_images import Picture, PicturesAwayError
from socialcube.web import pictures
from socialcube.web.context import SERVICES, services_of
from tests.factories.bots import make_bot
from tests.factories.guilds import make_guild
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

HASH = "0123456789abcdef" * 2
OTHER = "f" * 32
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 10
PATHS = {
    PictureKind.BOT: f"/media/bot/5001/{HASH}",
    PictureKind.PERSON: f"/media/person/1001/{HASH}",
    PictureKind.SERVER: f"/media/server/2001/{HASH}",
}


@dataclass
class FakePictures:
    """Has every picture, unless it was told otherwise."""

    picture: Picture | None = field(default_factory=lambda: Picture(PNG, "image/png"))
    is_up: bool = True
    asked: list[PictureAddress] = field(default_factory=list)

    def get(self, address: PictureAddress) -> Picture | None:
        self.asked.append(address)
        if not self.is_up:
            raise PicturesAwayError(reason="it is off")
        return self.picture


@pytest.fixture
def kept(site: Site) -> FakePictures:
    """Store a bot, a person and a server with a picture each; give where they come from."""
    fake = FakePictures()
    site.app.extensions[SERVICES] = replace(services_of(site.app), pictures=fake)  # type: ignore[arg-type] # stands in
    with site.unit() as uow:
        bot = make_bot(uow.session, external_id=5001, avatar=HASH)
        guilds.sync_guild(uow, bot.id, Platform.DISCORD, make_guild(external_id=2001, icon=HASH))
        uow.commit()
    return fake


@pytest.fixture
def client(site: Site, kept: FakePictures) -> SignedInClient:
    """Sign somebody in who may do nothing here but has a picture."""
    del kept
    client = sign_in(site.app, role=None, external_id=1001)
    show_face(site, HASH)
    return client


def show_face(site: Site, picture_hash: str) -> None:
    """Let the person have this picture from now on, as a sign-in does."""
    with site.unit() as uow:
        accounts.sign_in(uow, Profile(1001, "mara", "Mara", picture_hash))
        uow.commit()


@pytest.mark.parametrize("kind", PATHS)
def test_a_stored_picture_is_sent(client: SignedInClient, kept: FakePictures, kind: PictureKind) -> None:
    answer = client.get(PATHS[kind])
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", PNG)
    assert [address.kind for address in kept.asked] == [kind]


def test_a_picture_is_kept_by_this_browser_alone_and_runs_nothing(client: SignedInClient) -> None:
    headers = client.get(PATHS[PictureKind.BOT]).headers
    assert headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_strangers_get_none(site: Site, kept: FakePictures) -> None:
    answer = site.client.get(PATHS[PictureKind.BOT])
    assert answer.status_code == 302
    assert kept.asked == []


@pytest.mark.parametrize(
    "path",
    [
        f"/media/bot/5001/{OTHER}",
        f"/media/bot/5002/{HASH}",
        f"/media/bot/1001/{HASH}",
        f"/media/person/5001/{HASH}",
        f"/media/server/5001/{HASH}",
        f"/media/bot/0/{HASH}",
        f"/media/bot/5001/{HASH.upper()}",
        f"/media/bot/5001/{HASH}.png",
        f"/media/bot/5001/{HASH[:-1]}",
        f"/media/bot/5001/..%2f{HASH}",
        "/media/bot/5001/%00",
    ],
)
def test_nothing_else_is_fetched_for_anybody(client: SignedInClient, kept: FakePictures, path: str) -> None:
    assert client.get(path).status_code == 404
    assert kept.asked == []


@pytest.mark.parametrize(
    "path",
    [
        f"/media/guild/2001/{HASH}",
        f"/media/bot/x/{HASH}",
        f"/media/bot/-1/{HASH}",
        f"/media/bot/{1 << 63}/{HASH}",
        f"/media/bot/5001/{HASH}/more",
        "/media/bot/5001/",
    ],
)
def test_other_addresses_are_no_pictures(client: SignedInClient, kept: FakePictures, path: str) -> None:
    assert client.get(path).status_code == 404
    assert kept.asked == []


def test_unknown_and_absent_look_alike(client: SignedInClient, kept: FakePictures) -> None:
    kept.picture = None
    absent = client.get(PATHS[PictureKind.BOT])
    unknown = client.get(f"/media/bot/5001/{OTHER}")
    kept.is_up = False
    away = client.get(PATHS[PictureKind.BOT])
    varies = {"X-Request-ID", "Date"}
    answers = [
        (each.status_code, each.data, {k: v for k, v in each.headers.items() if k not in varies})
        for each in (absent, unknown, away)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 404
    assert absent.headers["Cache-Control"] == "private, max-age=60"


def test_a_new_picture_takes_the_place_of_the_old_one(site: Site, client: SignedInClient) -> None:
    show_face(site, OTHER)
    assert client.get(PATHS[PictureKind.PERSON]).status_code == 404
    assert client.get(f"/media/person/1001/{OTHER}").status_code == 200


def test_pictures_that_came_are_no_rows_of_the_request_log(site: Site, client: SignedInClient) -> None:
    client.get(PATHS[PictureKind.BOT])
    client.get(f"/media/bot/5001/{OTHER}")
    logged = [getattr(row, "path", "") for row in site.sink.records]
    assert [path for path in logged if path.startswith("/media/")] == [f"/media/bot/5001/{OTHER}"]


DRAWN = "{% import 'ui/macros.html' as ui with context %}{{ ui[macro](thing, 'l') }}"


@pytest.mark.parametrize(
    ("macro", "thing", "src"),
    [
        ("avatar", {"external_id": 5001, "name": "Green House", "avatar": HASH}, PATHS[PictureKind.BOT]),
        ("server", {"external_id": 2001, "name": "Green House", "icon": HASH}, PATHS[PictureKind.SERVER]),
        (
            "person",
            {"external_id": 1001, "display_name": "Green House", "avatar": HASH},
            PATHS[PictureKind.PERSON],
        ),
    ],
)
def test_a_picture_lies_over_the_initials(site: Site, macro: str, thing: dict[str, object], src: str) -> None:
    with site.app.test_request_context():
        drawn = render_template_string(DRAWN, macro=macro, thing=thing)
        bare = render_template_string(DRAWN, macro=macro, thing=thing | {"avatar": None, "icon": None})
    assert f'<img src="{src}" alt=""' in " ".join(drawn.split())
    assert "<img" not in bare
    for html in (drawn, bare):
        assert ">GH" in html
        assert f"tint-{pictures.tint(thing['external_id'])} " in html
        assert 'aria-hidden="true"' in html


def test_something_without_an_id_shows_initials(site: Site) -> None:
    with site.app.test_request_context():
        drawn = render_template_string(DRAWN, macro="avatar", thing={"name": "Fern"})
    assert ">F" in drawn
    assert "<img" not in drawn


@pytest.mark.parametrize("external_id", [None, "5001", 5001])
@pytest.mark.parametrize("picture_hash", [None, "", "javascript:alert(1)", f"{HASH}/../x"])
def test_templates_get_no_address_of_what_is_no_picture(
    site: Site, external_id: object, picture_hash: object
) -> None:
    with site.app.test_request_context():
        assert pictures.picture_url("bot", external_id, picture_hash) == ""


def test_tints_are_stable_and_all_used() -> None:
    assert {pictures.tint(number) for number in range(5001, 5100)} == set(range(1, pictures.TINTS + 1))
    assert pictures.tint(5001) == pictures.tint("5001")
