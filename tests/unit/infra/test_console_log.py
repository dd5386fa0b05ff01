import logging

from socialcube.infra.console_log import MaskingFormatter

TOKEN = "MTE3NjU0MzIxMDk4NzY1NDMyMQ.GhXyZ1.abcdefghijklmnopqrstuvwxyz0123456789AB"


def render(message: str, *args: object) -> str:
    record = logging.LogRecord("name", logging.INFO, "path", 1, message, args, None)
    return MaskingFormatter("%(levelname)s %(name)s: %(message)s").format(record)


def test_a_line_says_level_logger_and_message() -> None:
    assert render("bot %s started", "Fern") == "INFO name: bot Fern started"


def test_tokens_are_masked() -> None:
    assert TOKEN not in render("token %s", TOKEN)


def test_a_logged_value_cannot_begin_a_line_of_its_own() -> None:
    assert render("hello %s", "x\nERROR fake: line\x1b[2J\u2028") == (
        r"INFO name: hello x\nERROR fake: line\x1b[2J\u2028"
    )
