from pathlib import Path

import pytest

from bin.lib.run_lock import announce, only_one


def test_a_second_one_hears_where_the_first_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_one(tmp_path / "run.lock") as file:
        announce(file, pid=4711, url="http://127.0.0.1:5000")
        with pytest.raises(SystemExit) as caught, only_one(tmp_path / "run.lock"):
            pass
    assert caught.value.code == 1
    assert (
        capsys.readouterr().err
        == "Social Cube already runs in this folder, as process 4711: http://127.0.0.1:5000\n"
    )


def test_one_that_is_still_starting_is_named_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_one(tmp_path / "run.lock"), pytest.raises(SystemExit), only_one(tmp_path / "run.lock"):
        pass
    assert "is starting or stopping in this folder" in capsys.readouterr().err


def test_a_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    for url in ("http://first", "http://second"):
        with only_one(tmp_path / "run.lock") as file:
            announce(file, pid=1, url=url)
    assert (tmp_path / "run.lock").read_text().count("http://") == 1
