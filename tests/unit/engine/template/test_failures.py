import pytest
from liquid import Token
from liquid.exceptions import BreakLoop, LiquidError, LiquidSyntaxError, OutputStreamLimitError

from socialcube.engine.errors import RenderSizeBudgetError, StepBudgetError, TemplateFailedError
from socialcube.engine.template.failures import parse_failure, render_failure, syntax_error
from socialcube.engine.template.parsing import parse

SOURCE = "one\ntwo"
TOKEN = Token("word", "two", 4, SOURCE)


def test_our_own_error_passes_with_its_line() -> None:
    error = StepBudgetError(limit=1)
    assert render_failure(error, SOURCE, TOKEN) is error
    assert error.line == 2


def test_limit_of_the_library_becomes_a_budget() -> None:
    failure = render_failure(OutputStreamLimitError("x", token=None), SOURCE, None)
    assert isinstance(failure, RenderSizeBudgetError)
    assert "16,384 bytes" in failure.message
    assert failure.line is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LiquidError("odd", token=TOKEN), "odd"),
        (LiquidError("o" * 900, token=TOKEN), "o" * 200),
        (BreakLoop("break"), "`break` stands outside a loop"),
        (RecursionError(), "too deeply nested"),
        (UnicodeEncodeError("utf-8", "a", 0, 1, "x"), "a value did not fit (UnicodeEncodeError)"),
    ],
)
def test_anything_else_is_a_failed_template(error: Exception, reason: str) -> None:
    failure = render_failure(error, SOURCE, TOKEN)
    assert isinstance(failure, TemplateFailedError)
    assert failure.message.endswith(f"{reason}.")
    assert failure.line == 2


def test_recursion_inside_the_parser_is_told_plainly() -> None:
    error = LiquidError("unexpected liquid parsing error", token=None)
    error.__cause__ = RecursionError()
    assert "too deeply nested" in parse_failure(error, SOURCE).message


def test_place_of_the_library_wins_over_the_last_look() -> None:
    error = LiquidSyntaxError("x", token=Token("word", "one", 0, SOURCE))
    assert render_failure(error, SOURCE, TOKEN).line == 1


def test_negative_index_is_the_end() -> None:
    error = syntax_error("x", SOURCE, -1)
    assert (error.line, error.column) == (2, 4)


def test_a_deep_path_is_read() -> None:
    deep = parse("{{ a" + "[a" * 150 + "]" * 150 + " }}", ())
    assert set(deep.analyze(include_partials=False).globals) == {"a"}
