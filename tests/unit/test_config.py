import os
from pathlib import Path

import pytest

import config
from socialcube.kernel.settings import BadSettingsError
from tests.factories.settings import OPENING_KEY, SEALING_KEY, make_environ, make_sandbox_environ


def problems_of(**variables: str) -> tuple[str, ...]:
    with pytest.raises(BadSettingsError) as caught:
        config.load_settings(make_environ(**variables))
    return caught.value.problems


def test_the_least_environment_gives_documented_defaults() -> None:
    settings = config.load_settings(make_environ())
    assert settings.is_production
    assert settings.var_dir == config.PROJECT / "var"
    assert settings.database_url.reveal() == f"sqlite:///{config.PROJECT}/var/socialcube.db"
    assert settings.redis_url.reveal() == "redis://127.0.0.1:6379/0"
    assert settings.discord.origin == "https://discord.com"
    assert settings.web.public_url == "http://127.0.0.1:5000"
    assert settings.sandbox is None
    assert settings.embedded_redis is None


def test_all_problems_are_reported_at_once() -> None:
    problems = problems_of(
        SECRET_KEY="",
        TOKEN_SEALING_KEYS="k1:short",
        PORT="70000",
        WEB_CONCURRENCY="two",
        BOT_RENEW_SECONDS="10",
    )
    assert problems == (
        "SECRET_KEY must be set; bin/keys makes one.",
        "TOKEN_SEALING_KEYS must be a list of `key id:base64` with 32 bytes each; bin/keys makes one.",
        "PORT must be a whole number from 1 to 65535, not '70000'.",
        "WEB_CONCURRENCY must be a whole number from 1 to 64, not 'two'.",
        "BOT_RENEW_SECONDS must be at most a third of BOT_LEASE_SECONDS, or one late renewal costs it.",
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_secret_setting_is_never_repeated(name: str) -> None:
    (problem,) = problems_of(**{name: "hunter2://"})
    assert problem.startswith(f"{name} must be ")
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    ("given", "normalised"),
    [
        (
            "postgres://u:p@host:5432/db?sslmode=require",
            "postgresql+psycopg2://u:p@host:5432/db?sslmode=require",
        ),
        ("postgresql://u:p@host/db", "postgresql+psycopg2://u:p@host/db"),
        ("postgresql+psycopg2:///db?host=/run", "postgresql+psycopg2:///db?host=/run"),
        ("postgresql://u:p/#?@[::1]:5432/db", "postgresql+psycopg2://u:p/#?@[::1]:5432/db"),
        ("sqlite:////srv/cube.db", "sqlite:////srv/cube.db"),
    ],
)
def test_database_urls_are_written_as_sqlalchemy_reads_them(given: str, normalised: str) -> None:
    assert config.load_settings(make_environ(DATABASE_URL=given)).database_url.reveal() == normalised


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite://", "sqlite:///", "host/db", "postgres://"])
def test_other_databases_are_refused(url: str) -> None:
    assert problems_of(DATABASE_URL=url)[0].startswith("DATABASE_URL must be like sqlite:///")


@pytest.mark.parametrize("place", ["u:p@h:abc/db", "h:54 32/db", "u:p@[::1/db", "u:p@h:123456/db"])
def test_a_port_that_is_none_is_refused_before_anything_connects(place: str) -> None:
    (problem,) = problems_of(DATABASE_URL=f"postgresql://{place}")
    assert problem.startswith("DATABASE_URL must be like sqlite:///")


@pytest.mark.parametrize("url", ["redis://h:1/0", "rediss://u:p@h:1", "unix:///run/redis.sock"])
def test_redis_urls_are_taken(url: str) -> None:
    assert config.load_settings(make_environ(REDIS_URL=url)).redis_url.reveal() == url


@pytest.mark.parametrize("url", ["http://h", "unix://", "redis://", "redis://h:port/0", "redis://[::1"])
def test_other_redis_urls_are_refused(url: str) -> None:
    assert problems_of(REDIS_URL=url)[0].startswith("REDIS_URL must be like redis://")


def test_plain_http_to_discord_is_for_loopback_only() -> None:
    api = "http://[::1]:4000/api/v10/"
    assert config.load_settings(make_environ(DISCORD_API_BASE_URL=api)).discord.api_base_url == api.rstrip(
        "/"
    )
    (problem,) = problems_of(DISCORD_TOKEN_URL="http://discord.example/token")
    assert "plain http is safe on this machine only" in problem


@pytest.mark.parametrize("url", ["discord.com", "ftp://host", "https://", "https://h?x=1", "https://h:x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    assert problems_of(DISCORD_API_BASE_URL=url)[0].endswith(f"not {url!r}.")


def test_the_client_and_its_secret_belong_together() -> None:
    assert problems_of(DISCORD_CLIENT_ID="1") == (
        "DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET belong together: set both, or neither.",
    )


def test_the_sandbox_brings_its_own_discord_and_database() -> None:
    settings = config.load_settings(make_sandbox_environ(VAR_DIR="/srv/var"))
    assert settings.sandbox
    assert settings.sandbox.port == 15001
    assert settings.discord.api_base_url == "http://127.0.0.1:15001/api/v10"
    assert settings.discord.authorize_url == "http://127.0.0.1:15001/oauth2/authorize"
    assert settings.discord.token_url == "http://127.0.0.1:15001/api/oauth2/token"
    assert settings.discord.cdn_url == "http://127.0.0.1:15001"
    assert settings.discord.client_id == "5000"
    assert settings.discord.client_secret.reveal() == "{braces}%"
    assert settings.database_url.reveal() == "sqlite:////srv/var/sandbox.db"


def test_real_credentials_turn_the_sandbox_off() -> None:
    settings = config.load_settings(make_sandbox_environ(DISCORD_CLIENT_ID="1", DISCORD_CLIENT_SECRET="x"))
    assert settings.sandbox is None
    assert settings.discord.origin == "https://discord.com"
    assert settings.database_url.reveal().endswith("/socialcube.db")


def test_a_named_discord_turns_the_sandbox_off() -> None:
    settings = config.load_settings(
        make_sandbox_environ(DISCORD_API_BASE_URL="http://127.0.0.1:4000/api/v10")
    )
    assert settings.sandbox is None
    assert settings.discord.origin == "http://127.0.0.1:4000"


@pytest.mark.parametrize(
    "variables",
    [{"SOCIALCUBE_ENV": "production"}, {"HOST": "192.0.2.1", "PUBLIC_URL": "https://panel.example"}],
)
def test_the_sandbox_is_for_ones_own_machine(variables: dict[str, str]) -> None:
    (problem,) = problems_of(**(make_sandbox_environ() | variables))
    assert problem.startswith("SANDBOX_PORT needs SOCIALCUBE_ENV=development and a loopback HOST")


def test_the_sandbox_needs_a_key_for_its_control_door() -> None:
    (problem,) = problems_of(**make_sandbox_environ(SANDBOX_CONTROL_KEY="short"))
    assert problem == "SANDBOX_CONTROL_KEY must be random text of at least 16 characters."


def test_the_embedded_redis_listens_on_a_socket() -> None:
    settings = config.load_settings(make_sandbox_environ(VAR_DIR="/srv/var"))
    assert settings.redis_url.reveal() == "unix:///srv/var/redis.sock"
    assert settings.embedded_redis
    assert settings.embedded_redis.socket_path == Path("/srv/var/redis.sock")


def test_the_embedded_redis_asks_for_a_password_on_a_port() -> None:
    on_port = make_sandbox_environ(EMBEDDED_REDIS_PORT="16000", EMBEDDED_REDIS_PASSWORD="p{")
    assert config.load_settings(on_port).redis_url.reveal() == "redis://:p{@127.0.0.1:16000/0"
    (problem,) = problems_of(**make_sandbox_environ(EMBEDDED_REDIS_PORT="16000"))
    assert problem == "EMBEDDED_REDIS_PASSWORD must be set when EMBEDDED_REDIS_PORT is a port."


def test_a_named_redis_replaces_the_embedded_one() -> None:
    settings = config.load_settings(make_sandbox_environ(REDIS_URL="redis://other:6379/0"))
    assert settings.embedded_redis is None


def test_beyond_loopback_the_panel_needs_an_https_address() -> None:
    (problem,) = problems_of(HOST="192.0.2.1")
    assert problem == (
        "HOST is 192.0.2.1, which others can reach, so PUBLIC_URL must be the panel's https address."
    )
    settings = config.load_settings(make_environ(HOST="192.0.2.1", PUBLIC_URL="https://panel.example/"))
    assert settings.web.public_url == "https://panel.example"
    assert "panel.example" in settings.web.allowed_hosts


def test_several_signing_keys_keep_their_order() -> None:
    settings = config.load_settings(make_environ(SECRET_KEY=f"{'n' * 40}, {'o' * 40}"))
    assert [key.reveal()[0] for key in settings.secret_keys] == ["n", "o"]


def test_an_empty_variable_counts_as_absent() -> None:
    assert config.load_settings(make_environ() | {"PORT": "", "DATABASE_URL": ""}).web.port == 5000


def test_settings_do_not_print_secrets() -> None:
    shown = repr(config.load_settings(make_environ(DATABASE_URL="postgres://u:hunter2@h/d")))
    assert "hunter2" not in shown
    assert "s" * 32 not in shown


def test_a_terminal_without_settings_finds_what_make_run_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = "".join(f"{name}='{value}'\n" for name, value in make_sandbox_environ(PORT="5001").items())
    (tmp_path / ".env").write_text("# made\n\n" + written)
    for name in make_sandbox_environ():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert config.load_settings().web.port == 5001
    monkeypatch.setenv("PORT", "5002")
    assert config.load_settings().web.port == 5002
    monkeypatch.setenv("SOCIALCUBE_ENV", "production")
    with pytest.raises(BadSettingsError):
        config.load_settings()


@pytest.mark.parametrize("line", ["SECRET_KEY='hunter2", 'PORT="5001', "PORT=5001\\"])
def test_an_open_quote_in_the_file_is_named_by_its_line_and_not_shown(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# made\nHOST=localhost\n{line}\n")
    with pytest.raises(BadSettingsError) as caught:
        config.read_env_file(file)
    assert str(caught.value).count(f"Line 3 of {file} ") == 1
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadSettingsError, match="must be UTF-8 text"):
        config.read_env_file(file)


def test_sign_in_over_plain_http_is_allowed_on_loopback_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in make_environ(VAR_DIR=str(tmp_path), SOCIALCUBE_ENV="production").items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    monkeypatch.setenv("PUBLIC_URL", "https://panel.example")
    config.load_settings()
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ
    monkeypatch.setenv("PUBLIC_URL", "http://localhost:5000")
    config.load_settings()
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ
    monkeypatch.setenv("DISCORD_TOKEN_URL", "http://localhost:5001/api/oauth2/token")
    config.load_settings()
    assert os.environ["OAUTHLIB_INSECURE_TRANSPORT"] == "1"
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT")


def test_opening_keys_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    both = f"{OPENING_KEY},{SEALING_KEY}"
    from_environment = config.load_opening_keys({"TOKEN_OPENING_KEY": both})
    assert [key.reveal() for key in from_environment] == [OPENING_KEY, SEALING_KEY]
    (tmp_path / "keys").mkdir()
    file = tmp_path / "keys" / "opening.key"
    file.write_text(f"{OPENING_KEY}\n{SEALING_KEY}\n")
    file.chmod(0o600)
    assert config.load_opening_keys({"VAR_DIR": str(tmp_path)}) == from_environment
    assert config.load_opening_keys({"TOKEN_OPENING_KEY_FILE": str(file)}) == from_environment


def test_every_path_begins_at_the_project_or_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir("/")
    (tmp_path / "keys").mkdir()
    file = tmp_path / "keys" / "opening.key"
    file.write_text(OPENING_KEY)
    file.chmod(0o600)
    monkeypatch.setattr(config, "PROJECT", tmp_path)
    for variables in (
        {"TOKEN_OPENING_KEY_FILE": "~/keys/opening.key"},
        {"TOKEN_OPENING_KEY_FILE": "keys/opening.key"},
        {"VAR_DIR": "~"},
    ):
        (key,) = config.load_opening_keys(variables)
        assert key.reveal() == OPENING_KEY
    assert config.var_folder({"VAR_DIR": "~/here"}) == tmp_path / "here"


def test_an_opening_key_open_to_others_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "opening.key"
    file.write_text(OPENING_KEY)
    file.chmod(0o640)
    with pytest.raises(BadSettingsError, match="open to other users; run: chmod 600"):
        config.load_opening_keys({"TOKEN_OPENING_KEY_FILE": str(file)})


def test_a_missing_or_malformed_opening_key_is_named_not_shown(tmp_path: Path) -> None:
    with pytest.raises(BadSettingsError, match="cannot be read; bin/keys makes one"):
        config.load_opening_keys({"VAR_DIR": str(tmp_path)})
    with pytest.raises(BadSettingsError) as caught:
        config.load_opening_keys({"TOKEN_OPENING_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_the_opening_key_in_the_wrong_process_is_refused() -> None:
    config.refuse_opening_key({})
    with pytest.raises(BadSettingsError) as caught:
        config.refuse_opening_key({"TOKEN_OPENING_KEY": OPENING_KEY})
    assert OPENING_KEY not in str(caught.value)


def test_a_serving_process_that_could_read_the_key_refuses_in_production(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    file = tmp_path / "keys" / "opening.key"
    for place in ({"VAR_DIR": str(tmp_path)}, {"TOKEN_OPENING_KEY_FILE": str(file)}):
        config.refuse_opening_key(place)
        file.write_text(OPENING_KEY)
        with pytest.raises(BadSettingsError) as caught:
            config.refuse_opening_key(place)
        (problem,) = caught.value.problems
        assert f"can read the opening key {file}" in problem
        assert "TOKEN_OPENING_KEY_SHARED=yes" in problem
        assert OPENING_KEY not in problem
        # A person at the command line, the owner's own machine, and an owner who accepts it.
        config.refuse_opening_key(place, is_serving=False)
        config.refuse_opening_key(place | {"SOCIALCUBE_ENV": "development"})
        config.refuse_opening_key(place | {"TOKEN_OPENING_KEY_SHARED": "yes"})
        file.unlink()


def test_accepting_a_readable_file_is_not_accepting_the_key_in_the_environment() -> None:
    with pytest.raises(BadSettingsError):
        config.refuse_opening_key({"TOKEN_OPENING_KEY": OPENING_KEY, "TOKEN_OPENING_KEY_SHARED": "yes"})


def test_a_door_ends_with_one_line_for_each_problem(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught, config.exit_on_bad_settings():
        config.load_settings({})
    assert caught.value.code == 78
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "Social Cube cannot start with these settings:"
    assert [line.split()[1] for line in said[1:3]] == ["SECRET_KEY", "TOKEN_SEALING_KEYS"]
    assert said[3].startswith("Correct them all in the environment")
