import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from socialcube.domain.pictures.types import PictureAddress, PictureKind
from socialcube.infra.discord_images import Picture, PicturesAwayError
from socialcube.infra.picture_cache import ABSENT_SECONDS, MAX_ABSENT, SWEEP_EVERY, PictureCache
from tests.fakes.clock import FakeClock

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 92


def address(number: int = 1) -> PictureAddress:
    return PictureAddress(PictureKind.BOT, 5001, f"{number:032x}")


@dataclass
class Source:
    """Gives the pictures it was given and counts the questions."""

    pictures: dict[PictureAddress, Picture] = field(default_factory=dict)
    asked: list[PictureAddress] = field(default_factory=list)
    is_up: bool = True

    def fetch(self, wanted: PictureAddress) -> Picture | None:
        self.asked.append(wanted)
        if not self.is_up:
            raise PicturesAwayError(reason="it is off")
        return self.pictures.get(wanted)


@pytest.fixture
def source() -> Source:
    return Source({address(number): Picture(PNG, "image/png") for number in range(SWEEP_EVERY)})


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "pictures"


@pytest.fixture
def cache(folder: Path, source: Source, clock: FakeClock) -> PictureCache:
    return PictureCache(folder, source, clock)


def test_a_picture_is_fetched_once(cache: PictureCache, source: Source) -> None:
    assert cache.get(address()) == cache.get(address()) == Picture(PNG, "image/png")
    assert source.asked == [address()]


def test_another_process_finds_it(cache: PictureCache, folder: Path, clock: FakeClock) -> None:
    cache.get(address())
    away = Source(is_up=False)
    assert PictureCache(folder, away, clock).get(address()) == Picture(PNG, "image/png")
    assert away.asked == []


def test_pictures_of_different_things_are_kept_apart(cache: PictureCache, source: Source) -> None:
    cache.get(address())
    for other in (
        PictureAddress(PictureKind.PERSON, 5001, address().hash),
        PictureAddress(PictureKind.BOT, 5002, address().hash),
    ):
        assert cache.get(other) is None
    assert len(source.asked) == 3


def test_the_folder_is_for_this_user_alone(cache: PictureCache, folder: Path) -> None:
    cache.get(address())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_absent_picture_is_asked_for_again_after_a_while(
    cache: PictureCache, source: Source, clock: FakeClock
) -> None:
    missing = address(999)
    assert (cache.get(missing), cache.get(missing)) == (None, None)
    assert source.asked == [missing]
    clock.advance(ABSENT_SECONDS)
    source.pictures[missing] = Picture(PNG, "image/png")
    assert cache.get(missing) is not None


def test_what_is_absent_is_remembered_for_so_many_only(cache: PictureCache, source: Source) -> None:
    for number in range(1000, 1000 + MAX_ABSENT + 1):
        cache.get(address(number))
    source.asked.clear()
    cache.get(address(1001))
    assert source.asked == []
    cache.get(address(1000))
    assert source.asked == [address(1000)]


def test_a_source_that_is_away_is_no_absent_picture(cache: PictureCache, source: Source) -> None:
    source.is_up = False
    with pytest.raises(PicturesAwayError, match="it is off"):
        cache.get(address())
    source.is_up = True
    assert cache.get(address()) is not None


def test_a_damaged_file_is_fetched_anew(cache: PictureCache, folder: Path, source: Source) -> None:
    cache.get(address())
    (file,) = folder.iterdir()
    file.write_bytes(b"<html>")
    assert cache.get(address()) == Picture(PNG, "image/png")
    assert file.read_bytes() == PNG
    assert len(source.asked) == 2


def test_a_folder_that_cannot_be_made_costs_only_the_keeping(
    tmp_path: Path, source: Source, clock: FakeClock
) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = PictureCache(tmp_path / "file" / "pictures", source, clock)
    assert cache.get(address()) == cache.get(address()) == Picture(PNG, "image/png")
    assert len(source.asked) == 2


def test_a_file_that_cannot_be_put_in_place_leaves_nothing(cache: PictureCache, folder: Path) -> None:
    cache.get(address(1))
    # A folder of the picture's name stands in its way.
    (folder / f"bot-5001-{address().hash}").unlink()
    (folder / f"bot-5001-{address().hash}").mkdir()
    assert cache.get(address()) == Picture(PNG, "image/png")
    assert [path.name for path in folder.iterdir()] == [f"bot-5001-{address().hash}"]


def test_the_oldest_go_when_there_is_no_room(folder: Path, source: Source, clock: FakeClock) -> None:
    room = len(PNG) * 10
    cache = PictureCache(folder, source, clock, max_bytes=room)
    for number in range(SWEEP_EVERY):
        cache.get(address(number))
        kept = folder / f"bot-5001-{address(number).hash}"
        if kept.exists():
            os.utime(kept, (number, number))
    left = {path.name for path in folder.iterdir()}
    assert sum(path.stat().st_size for path in folder.iterdir()) <= room * 0.8
    assert left == {f"bot-5001-{address(number).hash}" for number in range(SWEEP_EVERY - 8, SWEEP_EVERY)}


def test_nothing_goes_while_there_is_room(cache: PictureCache, folder: Path) -> None:
    for number in range(SWEEP_EVERY):
        cache.get(address(number))
    assert len(list(folder.iterdir())) == SWEEP_EVERY
