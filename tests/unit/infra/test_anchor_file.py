import stat
from pathlib import Path
from threading import Thread

import config
from socialcube.infra.anchor_file import AnchorFile, anchors_path
from tests.factories.settings import make_environ


def test_lines_are_added_at_the_end_of_a_file_that_is_its_owners_alone(tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "var" / "anchors")
    assert (file.last_line(), list(file.lines())) == ("", [])
    file.append("one")
    file.append("two")
    assert (file.last_line(), list(file.lines())) == ("two", ["one\n", "two\n"])
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_two_writers_at_once_leave_whole_lines(tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "anchors")

    def write(letter: str) -> None:
        for _ in range(50):
            file.append(letter * 80)

    threads = [Thread(target=write, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(file.lines()) == ["a" * 80 + "\n"] * 50 + ["b" * 80 + "\n"] * 50


def test_the_sandbox_has_anchors_of_its_own(tmp_path: Path) -> None:
    real = config.load_settings(make_environ(VAR_DIR=str(tmp_path)))
    assert anchors_path(real) == tmp_path / "anchors"
    sandboxed = make_environ(
        VAR_DIR=str(tmp_path),
        SOCIALCUBE_ENV="development",
        SANDBOX_PORT="5000",
        SANDBOX_CONTROL_KEY="c" * 32,
        SANDBOX_CLIENT_ID="1",
        SANDBOX_CLIENT_SECRET="s" * 16,
    )
    assert anchors_path(config.load_settings(sandboxed)) == tmp_path / "sandbox-anchors"
