import subprocess
from pathlib import Path
from typing import Any

import pytest

import config
from bin.lib import release
from socialcube.kernel.settings import Settings
from tests.factories.settings import make_environ, make_sandbox_environ


class ReleaseLine:
    """Stands for the release command: creates the database, or fails with what it was told to say."""

    def __init__(self, database: Path, said: str = "", printed: str = "") -> None:
        self.calls = 0
        self._database = database
        self._said = said
        self._printed = printed

    def run(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.calls += 1
        if not self._said:
            self._database.touch()
        return subprocess.CompletedProcess(command, 1 if self._said else 0, self._printed, self._said)


def settings_for(var: Path, **variables: str) -> Settings:
    return config.load_settings(make_sandbox_environ(VAR_DIR=str(var), **variables))


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseLine:
    line = ReleaseLine(tmp_path / "sandbox.db")
    monkeypatch.setattr("bin.lib.release.subprocess.run", line.run)
    return line


def test_a_database_is_prepared_once(tmp_path: Path, line: ReleaseLine) -> None:
    for _ in range(2):
        release.prepare_database(settings_for(tmp_path), {})
    assert line.calls == 1


def test_a_file_that_was_replaced_is_prepared_again(tmp_path: Path, line: ReleaseLine) -> None:
    release.prepare_database(settings_for(tmp_path), {})
    (tmp_path / "other").touch()
    (tmp_path / "other").replace(tmp_path / "sandbox.db")
    release.prepare_database(settings_for(tmp_path), {})
    assert line.calls == 2


def test_another_discord_is_checked_again(tmp_path: Path, line: ReleaseLine) -> None:
    url = f"sqlite:///{tmp_path}/sandbox.db"
    release.prepare_database(settings_for(tmp_path, DATABASE_URL=url), {})
    other = settings_for(tmp_path, DATABASE_URL=url, DISCORD_API_BASE_URL="https://discord.com/api/v10")
    release.prepare_database(other, {})
    assert line.calls == 2


def test_a_server_is_prepared_at_every_start(tmp_path: Path, line: ReleaseLine) -> None:
    for _ in range(2):
        release.prepare_database(settings_for(tmp_path, DATABASE_URL="postgres://host/db"), {})
    assert line.calls == 2


def test_what_the_release_line_said_last_is_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ReleaseLine(tmp_path / "sandbox.db", said="Looking …\nError: It belongs to another Discord.\n")
    monkeypatch.setattr("bin.lib.release.subprocess.run", line.run)
    with pytest.raises(SystemExit):
        release.prepare_database(settings_for(tmp_path), {})
    first, second = capsys.readouterr().err.splitlines()
    assert first == "The database could not be prepared: It belongs to another Discord."
    assert second == f"Everything that was said is in {tmp_path}/release.log"
    assert "Looking …" in (tmp_path / "release.log").read_text()


def test_a_full_disk_is_noticed_before_anything_is_written(
    tmp_path: Path, line: ReleaseLine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bin.lib.release.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1 << 20}))
    with pytest.raises(SystemExit):
        release.prepare_database(settings_for(tmp_path), {})
    assert capsys.readouterr().err == "The disk is full. Free some space, then start again.\n"
    assert line.calls == 0


def test_a_damaged_file_is_named_and_nothing_runs_on_it(
    tmp_path: Path, line: ReleaseLine, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sandbox.db").write_text("no database at all, " * 100)
    with pytest.raises(SystemExit):
        release.prepare_database(settings_for(tmp_path), {})
    assert f"{tmp_path}/sandbox.db is damaged" in capsys.readouterr().err
    assert line.calls == 0


def test_a_site_without_owner_is_told_how_to_get_one_at_every_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hint = "Nobody owns this site yet: open …/setup within 24 hours and type the code 0000"
    line = ReleaseLine(tmp_path / "site.db", printed=f"The database is up to date.\n{hint}\n")
    monkeypatch.setattr("bin.lib.release.subprocess.run", line.run)
    settings = config.load_settings(
        make_environ(VAR_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path}/site.db")
    )
    assert [release.prepare_database(settings, {}) for _ in range(2)] == [hint, hint]
    monkeypatch.setattr("bin.lib.release.is_known_to_be_owned", lambda _: True)
    assert release.prepare_database(settings, {}) == ""
    assert line.calls == 2
