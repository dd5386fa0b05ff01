import inspect

from socialcube.engine import errors
from socialcube.engine.errors import BudgetExceededError, EngineError, TemplateSyntaxError

ALL = [value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, EngineError)]


def test_every_failure_has_a_code_of_its_own() -> None:
    codes = [error.code for error in ALL if error is not EngineError]
    assert len(codes) == len(set(codes))


def test_every_budget_names_itself() -> None:
    budgets = [
        error for error in ALL if issubclass(error, BudgetExceededError) and error is not BudgetExceededError
    ]
    assert len(budgets) == 10
    for budget in budgets:
        assert budget.code == f"budget_{budget.budget}"


def test_error_notes_its_parameter() -> None:
    error = errors.EmptyOutputError()
    assert error.at("embed") is error
    assert error.field == "embed"


def test_syntax_error_tells_its_place() -> None:
    assert TemplateSyntaxError("odd", 2, 3).message == "This template cannot be read: odd (line 2, column 3)."
