import pytest

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.pictures.designs import avatar_of
from socialcube.sandbox.shapes.users import picture_of
from socialcube.sandbox.world.changes import Change, UserChanged
from socialcube.sandbox.world.profiles import Picture
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock

BOT = 5001
PNG = Picture("image/png", b"\x89PNG\r\n\x1a\n one")
GIF = Picture("image/gif", b"GIF89a two")


def test_uploaded_picture_takes_the_place_of_the_drawn_one(world: World, told: list[Change]) -> None:
    user = world.get_user(BOT)
    before = picture_of(user)
    world.profiles.set_avatar(BOT, PNG)
    uploaded = picture_of(user)

    assert before == avatar_of(BOT) != uploaded
    assert world.profiles.find_picture(user, str(uploaded)) == PNG
    assert told == [UserChanged(BOT)]


def test_picture_can_be_taken_away(world: World) -> None:
    world.profiles.set_avatar(BOT, None)

    assert picture_of(world.get_user(BOT)) is None


def test_picture_that_nobody_shows_any_more_is_dropped(world: World) -> None:
    world.profiles.set_avatar(BOT, PNG)
    world.profiles.set_banner(BOT, PNG)
    world.profiles.set_avatar(BOT, GIF)
    assert len(world.state.pictures) == 2
    world.profiles.set_banner(BOT, None)

    assert list(world.state.pictures) == [picture_of(world.get_user(BOT))]
    assert str(picture_of(world.get_user(BOT))).startswith("a_")


def test_picture_of_another_account_is_not_found(world: World) -> None:
    world.profiles.set_avatar(BOT, PNG)
    name = str(picture_of(world.get_user(BOT)))

    assert world.profiles.find_picture(world.get_user(5002), name) is None
    assert world.profiles.find_picture(world.get_user(5002), "") is None


def test_third_name_within_an_hour_is_refused(world: World, clock: FakeClock) -> None:
    for name in ("Fern", "Fern", "Leaf"):
        world.profiles.rename(BOT, name)
    with pytest.raises(InvalidFormError) as refused:
        world.profiles.rename(BOT, "Moss")
    clock.advance(3601)
    world.profiles.rename(BOT, "Moss")

    assert refused.value.errors["username"]["_errors"][0]["code"] == "USERNAME_RATE_LIMIT"  # type: ignore[index] # nested as Discord has it
    assert world.get_user(BOT).username == "Moss"
