import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from socialcube.sandbox import storage
from socialcube.sandbox.errors import StateFileDamagedError, StateFileUnwritableError
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.world import World


def test_absent_file_is_a_fresh_start(tmp_path: Path) -> None:
    assert storage.load(tmp_path / "none.json") is None


def test_written_file_is_private_and_leaves_nothing_beside_it(tmp_path: Path, world: World) -> None:
    path = tmp_path / "state.json"
    (tmp_path / "state.json.part").write_text("left over")
    storage.write(path, storage.dump(world.state))

    assert storage.load(path) == world.state
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_broken_write_leaves_the_old_file(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    storage.write(path, storage.dump(world.state))

    def fail(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StateFileUnwritableError, match="No space left"):
        storage.write(path, "{}")
    assert storage.load(path) == world.state


def test_absurdly_deep_file_is_damaged_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"version": 1, "state": ' + "[" * 100_000)

    with pytest.raises(StateFileDamagedError, match="Delete it to start afresh"):
        storage.load(path)


def test_folder_in_place_of_the_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StateFileDamagedError, match="directory"):
        storage.load(tmp_path)


@asynccontextmanager
async def running(saver: storage.Saver) -> AsyncIterator[None]:
    task = asyncio.create_task(saver.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def until_written(path: Path, text: str) -> None:
    async with asyncio.timeout(5):
        while text not in await asyncio.to_thread(path.read_text):  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0)


async def test_changes_are_written_by_themselves(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_PAUSE", 0.0)
    path = tmp_path / "state.json"
    async with running(storage.Saver(world, path)):
        world.messages.post(1001, 3002, Draft("remember me"))
        await until_written(path, "remember me")

    assert storage.load(path) == world.state


async def test_full_disk_is_warned_of_and_tried_again(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(storage, "_PAUSE", 0.0)
    path = tmp_path / "state.json"
    saver = storage.Saver(world, path)
    room = asyncio.Event()
    real = os.fsync

    def fsync(file: int) -> None:
        if not room.is_set():
            raise OSError(28, "No space left on device")
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    async with running(saver):
        world.messages.post(1001, 3002, Draft("lost for now"))
        async with asyncio.timeout(5):
            while "No space left" not in caplog.text:  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0)
        room.set()
        world.messages.post(1001, 3002, Draft("second try"))
        await until_written(path, "second try")

    assert storage.load(path) == world.state


def test_last_save_holds_the_newest_world(tmp_path: Path, world: World) -> None:
    path = tmp_path / "state.json"
    saver = storage.Saver(world, path)
    world.messages.post(1001, 3002, Draft("last words"))
    saver.save()

    assert "last words" in path.read_text()
