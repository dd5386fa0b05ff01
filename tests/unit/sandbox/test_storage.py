import os
from pathlib import Path

import pytest

from socialcube.sandbox import storage
from socialcube.sandbox.errors import StateFileDamagedError, StateFileUnwritableError
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
