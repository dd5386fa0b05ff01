import logging
from collections.abc import Iterator

import pytest

from socialcube.infra.console_log import MaskingFormatter, configure

TOKEN = "MTE3NjU0MzIxMDk4NzY1NDMyMQ.GhXyZ1.abcdefghijklmnopqrstuvwxyz0123456789AB"


def render(message: str, *args: object) -> str:
    record = logging.LogRecord("name", logging.INFO, "path", 1, message, args, None)
    return MaskingFormatter("%(levelname)s %(name)s: %(message)s").format(record)


def test_a_line_says_level_logger_and_message() -> None:
    assert render("bot %s started", "Fern") == "INFO name: bot Fern started"


def test_tokens_are_masked() -> None:
    assert TOKEN not in render("token %s", TOKEN)


def test_asvs_16_4_1_a_logged_value_cannot_begin_a_line_of_its_own() -> None:
    assert render("hello %s", "x\nERROR fake: line\x1b[2J\u2028") == (
        r"INFO name: hello x\nERROR fake: line\x1b[2J\u2028"
    )


@pytest.fixture
def loggers() -> Iterator[None]:
    """Put back what `configure` changes for the whole process."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    yield
    configure("WARNING")
    root.handlers[:] = kept
    root.setLevel(level)


@pytest.mark.usefixtures("loggers")
@pytest.mark.parametrize(
    ("level", "expected"),
    [("DEBUG", logging.WARNING), ("INFO", logging.WARNING), ("ERROR", logging.ERROR)],
)
def test_libraries_say_no_more_than_was_asked_for(level: str, expected: int) -> None:
    configure(level)
    assert logging.getLogger("aiohttp.client").getEffectiveLevel() == expected
    assert logging.getLogger("socialcube").getEffectiveLevel() == logging.getLevelName(level)


@pytest.mark.usefixtures("loggers")
@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
@pytest.mark.parametrize(
    "name",
    ["discord.http", "flask_dance.consumer", "oauthlib.oauth2", "aiohttp.client", "urllib3.connectionpool"],
)
def test_asvs_16_2_5_libraries_that_print_whole_requests_never_speak_below_info(
    name: str, level: str
) -> None:
    configure(level)
    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
