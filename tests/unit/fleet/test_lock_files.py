import subprocess
import sys
from pathlib import Path

from socialcube.fleet.lock_files import LockFile, is_free, remove


def test_lock_of_a_living_process_is_not_free(tmp_path: Path) -> None:
    lock = LockFile(tmp_path, "runner")
    assert not is_free(lock.path)
    lock.release()


def test_file_that_is_not_there_proves_nothing(tmp_path: Path) -> None:
    assert not is_free(tmp_path / "runners" / "elsewhere.lock")


def test_lock_of_a_process_that_was_killed_is_free_at_once(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from socialcube.fleet.lock_files import LockFile; "
        "lock = LockFile(Path(sys.argv[1]), 'runner'); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        path = tmp_path / "runners" / "runner.lock"
        assert not is_free(path)
        process.kill()
        process.wait()
    assert is_free(path)


def test_two_that_look_at_once_do_not_take_each_other_for_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "runner.lock"
    path.touch()
    assert is_free(path)
    assert is_free(path)


def test_released_lock_leaves_no_file_and_the_folder_is_private(tmp_path: Path) -> None:
    lock = LockFile(tmp_path, "runner")
    assert (tmp_path / "runners").stat().st_mode & 0o777 == 0o700
    lock.release()
    assert not lock.path.exists()


def test_file_of_a_dead_process_can_be_removed_twice(tmp_path: Path) -> None:
    path = tmp_path / "runner.lock"
    path.touch()
    remove(path)
    remove(path)
    assert not path.exists()
