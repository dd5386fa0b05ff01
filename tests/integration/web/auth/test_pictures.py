"""A person's picture, from the sign-in at Discord to the browser."""

from pathlib import Path

from flask import Flask

from socialcube.sandbox.pictures.designs import USERS, avatar_of, drawn
from socialcube.web.context import services_of
from tests.integration.web.auth.conftest import MakeApp, MakeVisitor
from tests.integration.web.auth.visitors import JONAS, MARA, Visitor

PICTURE = f"/media/person/{MARA}/{avatar_of(int(MARA))}"


def folder_of(app: Flask) -> Path:
    return services_of(app).shared.settings.var_dir / "pictures"


def test_the_picture_of_whoever_signed_in_is_shown_and_kept(visitor: Visitor, app: Flask) -> None:
    visitor.sign_in()
    assert f'src="{PICTURE}"' in visitor.get("/admin/").text
    answer = visitor.get(PICTURE)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data == drawn(USERS[int(MARA)])
    (kept,) = folder_of(app).iterdir()
    assert kept.read_bytes() == answer.data


def test_a_kept_picture_needs_no_discord(make_app: MakeApp, make_visitor: MakeVisitor) -> None:
    first = make_visitor(make_app())
    first.sign_in()
    first.get(PICTURE)
    away = make_visitor(make_app(DISCORD_CDN_URL="http://127.0.0.1:1"))
    away.sign_in()
    assert away.get(PICTURE).status_code == 200


def test_without_the_cdn_everything_else_goes_on(make_app: MakeApp, make_visitor: MakeVisitor) -> None:
    visitor = make_visitor(make_app(DISCORD_CDN_URL="http://127.0.0.1:1"))
    visitor.sign_in()
    assert visitor.get(PICTURE).status_code == 404
    assert visitor.get("/admin/").status_code == 200


def test_a_picture_of_somebody_not_seen_here_is_not_fetched(visitor: Visitor, app: Flask) -> None:
    visitor.sign_in()
    assert visitor.get(f"/media/person/{JONAS}/{avatar_of(int(JONAS))}").status_code == 404
    assert not folder_of(app).exists()
