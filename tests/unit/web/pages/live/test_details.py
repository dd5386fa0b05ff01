import pytest

from socialcube.domain.logs.types import LogRow, Outcome
from socialcube.web.pages.live import details
from tests.factories.logs import make_bot_log, make_command_log, make_error_log, make_request_log

HOSTILE = "<b>\u202egnp\u2028"


@pytest.fixture(autouse=True)
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(details, "link", lambda *_, **__: None)


def test_a_run_tells_who_where_what_and_when() -> None:
    found = details.describe(LogRow(1, make_command_log()), None)
    facts = {fact.label: fact.value for fact in found.facts}
    assert (found.title, found.word, found.tone) == ("/hello", "Answered", "ok")
    assert facts["Server"] == "Greenhouse"
    assert facts["Person"] == "Mara"
    assert facts["Options"] == "who:you  times:2"
    assert facts["Version"] == "v3"
    assert found.waterfall is not None


def test_a_failed_run_tells_the_reason_and_the_step() -> None:
    record = make_command_log(
        outcome=Outcome.FAILED, error_message="No.", node_path="steps[2]", guild_id=None
    )
    found = details.describe(LogRow(1, record), None)
    assert (found.word, found.sentence) == ("Failed", "No.")
    assert "steps[2]" in [fact.value for fact in found.facts]


def test_other_rows_bring_their_data_along() -> None:
    event = details.describe(LogRow(1, make_bot_log(data={"a": 1})), None)
    assert (event.title, event.extra) == ("Connected", '{\n  "a": 1\n}')
    failure = details.describe(LogRow(1, make_error_log(detail="line 1\nline 2")), None)
    assert failure.extra == "line 1\nline 2"
    request = details.describe(LogRow(1, make_request_log(status=404)), None)
    assert (request.title, request.tone) == ("GET 404", "warn")


def test_hostile_text_is_escaped_where_it_would_not_show() -> None:
    found = details.describe(LogRow(1, make_command_log(user_name=HOSTILE, command_name=HOSTILE)), None)
    assert found.title == "/<b>\\u202egnp\\u2028"
    assert all(fact.value.isprintable() for fact in found.facts)
