import stat
from pathlib import Path

import pytest

import config
from bin.lib import var_folder


@pytest.fixture(autouse=True)
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(var_folder, "free_port", lambda: 15001)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def prepare(var: Path) -> dict[str, str]:
    var_folder.prepare(var)
    return config.read_env_file(var / ".env")


def test_a_fresh_folder_configures_a_whole_installation(tmp_path: Path) -> None:
    var = tmp_path / "var"
    settings = config.load_settings(prepare(var) | {"VAR_DIR": str(var)})
    assert settings.sandbox
    assert settings.sandbox.port == 15001
    assert settings.embedded_redis
    (opening,) = config.load_opening_keys({"VAR_DIR": str(var)})
    assert opening.reveal().partition(":")[0] == settings.sealing_keys[0].partition(":")[0]


def test_nobody_else_can_read_what_is_kept(tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    prepare(var)
    assert [mode(path) for path in (var, var / "keys", var / "redis")] == [0o700] * 3
    assert [mode(path) for path in (var / ".env", var / "keys" / "opening.key")] == [0o600] * 2
    assert not [path for path in var.iterdir() if path.name.startswith(".env.")]


def test_the_opening_key_is_not_in_the_file_that_every_process_gets(tmp_path: Path) -> None:
    prepare(tmp_path)
    secret = (tmp_path / "keys" / "opening.key").read_text().partition(":")[2].strip()
    assert secret not in (tmp_path / ".env").read_text()


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    first = prepare(tmp_path)
    before = (tmp_path / ".env").read_bytes(), (tmp_path / "keys" / "opening.key").read_bytes()
    assert prepare(tmp_path) == first
    assert ((tmp_path / ".env").read_bytes(), (tmp_path / "keys" / "opening.key").read_bytes()) == before


def test_what_a_person_added_stays_and_what_is_missing_comes_back(tmp_path: Path) -> None:
    first = prepare(tmp_path)
    (tmp_path / ".env").write_text("PORT=5001\nSECRET_KEY='kept as it is'\n")
    second = prepare(tmp_path)
    assert second["PORT"] == "5001"
    assert second["SECRET_KEY"] == "kept as it is"
    assert second["TOKEN_SEALING_KEYS"] == first["TOKEN_SEALING_KEYS"]


def test_a_path_too_long_for_a_socket_gets_a_port_and_a_password(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    found = prepare(deep)
    assert found["EMBEDDED_REDIS_PORT"] == "15001"
    assert len(found["EMBEDDED_REDIS_PASSWORD"]) >= 32


def test_a_damaged_opening_key_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "opening.key").write_text("k1:cut off")
    with pytest.raises(SystemExit):
        var_folder.prepare(tmp_path)
    assert "opening.key is damaged. Put it back from a backup" in capsys.readouterr().err
    assert (tmp_path / "keys" / "opening.key").read_text() == "k1:cut off"
