import pytest

from socialcube.domain.logs.types import LogRow, Outcome
from socialcube.web.realtime.lines import to_line
from tests.factories.logs import make_bot_log, make_command_log, make_error_log, make_request_log

HOSTILE = "<b>x</b>\u202egnp\u2028line\x1b[31mred"


def test_a_run_says_command_options_answer_and_time() -> None:
    line = to_line(LogRow(7, make_command_log()), "Fern")
    assert line["text"] == "/hello who:you times:2: answered"
    assert (line["id"], line["stream"], line["bot"], line["ms"]) == (7, "commands", "Fern", 12)
    assert (line["server"], line["person"], line["level"]) == ("Greenhouse", "Mara", "info")
    assert line["at"] == "2026-01-02T03:04:05.000+00:00"


def test_a_failed_run_says_why() -> None:
    record = make_command_log(outcome=Outcome.FAILED, error_message="Discord said no.", options={})
    line = to_line(LogRow(1, record), "")
    assert (line["text"], line["level"]) == ("/hello: Discord said no.", "error")


def test_other_rows_say_what_happened() -> None:
    assert to_line(LogRow(1, make_bot_log()), "Fern")["text"] == "Connected."
    assert to_line(LogRow(1, make_bot_log(message="")), "Fern")["text"] == "connected"
    assert to_line(LogRow(1, make_request_log()), "")["text"] == "GET /bots 200"
    assert to_line(LogRow(1, make_error_log(place="web")), "")["text"] == "It broke. (web)"


@pytest.mark.parametrize("field", ["user_name", "guild_name", "error_message", "command_name"])
def test_what_turns_or_breaks_a_line_is_escaped(field: str) -> None:
    line = to_line(LogRow(1, make_command_log(**{field: HOSTILE})), HOSTILE)
    shown = " ".join(str(value) for value in line.values())
    assert shown.isprintable()
    assert "<b>x</b>\\u202egnp\\u2028line\\x1b[31mred" in shown


def test_a_long_text_is_cut() -> None:
    assert len(to_line(LogRow(1, make_bot_log(message="x" * 900)), "")["text"]) == 300
