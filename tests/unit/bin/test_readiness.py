import config
from bin.lib import readiness
from tests.factories.settings import make_environ, make_sandbox_environ


def test_the_block_tells_where_everything_is() -> None:
    block = readiness.ready_block(config.load_settings(make_sandbox_environ(PORT="5001", VAR_DIR="/srv/var")))
    for line in (
        "Social Cube is ready.",
        "  Panel          http://127.0.0.1:5001",
        "  Sandbox chat   http://127.0.0.1:15001/  (try /hello)",
        "                 with the redirect URI http://127.0.0.1:5001/login/discord/authorized",
        "  Data and keys  /srv/var",
        "  Stop           Ctrl-C",
    ):
        assert line in block.splitlines()


def test_with_real_discord_the_block_names_no_sandbox() -> None:
    block = readiness.ready_block(config.load_settings(make_environ()))
    assert "  Discord        https://discord.com" in block.splitlines()
    assert "Sandbox" not in block


def test_a_hint_stands_at_the_end_of_the_block() -> None:
    settings = config.load_settings(make_environ())
    assert readiness.ready_block(settings, "Type the code.").endswith("Ctrl-C\n\nType the code.\n")


def test_the_checks_that_failed_are_told_in_their_own_words() -> None:
    body = b'{"checks": {"a": {"ok": true, "message": ""}, "b": {"ok": false, "message": "Redis is away."}}}'
    assert readiness.failed_checks(body) == "Redis is away."


def test_an_answer_of_somebody_else_is_no_check() -> None:
    assert [readiness.failed_checks(body) for body in (b"", b"[]", b'{"checks": 1}')] == ["", "", ""]


def test_only_applications_with_a_bot_have_to_be_online() -> None:
    panel = b'{"token": null, "online": false}'
    online, offline = b'{"token": "t", "online": true}', b'{"token": "t", "online": false}'
    assert readiness.are_all_online(b"[" + panel + b"," + online + b"]")
    assert not readiness.are_all_online(b"[" + online + b"," + offline + b"]")
