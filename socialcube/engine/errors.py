"""What can go wrong with a document or its run. Each class is one failure, its code is stable."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from socialcube.kernel.errors import InvalidInputError, SocialCubeError

if TYPE_CHECKING:
    from socialcube.engine.problems import Problem


class EngineError(SocialCubeError):
    """The step failed.

    Attributes:
        field: name of the parameter it arose in, like `embed.title`; empty when it concerns the whole step.
        line: line of that parameter's template, counted from 1, when it arose in one.
    """

    field: str = ""
    line: int | None = None

    def at(self, field: str) -> Self:
        """Note the parameter that it arose in, and give the error back for raising."""
        self.field = field
        return self


class DocumentInvalidError(InvalidInputError):
    """The steps cannot be used yet, see {path}: {first}.

    Attributes:
        problems: everything that is wrong, in the document's order.
    """

    code = "document_invalid"
    remedy = "Mend what the list of problems names, then try again."

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(path=problems[0].path or "document", first=problems[0].message.removesuffix("."))


class TemplateSyntaxError(EngineError):
    """This template cannot be read: {reason} (line {line}, column {column})."""

    code = "template_syntax"

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason=reason, line=line, column=column)
        self.reason = reason
        self.line = line
        self.column = column


class TemplateTooLongError(EngineError):
    """This text is {length} characters long before anything is filled in, and at most {limit} fit."""

    code = "text_too_long"
    remedy = "Shorten it, or send the rest in a second reply."


class TemplateFailedError(EngineError):
    """The template failed while it was filled in: {reason}."""

    code = "template_failed"
    remedy = "Try the command with the same options and look at the line that is named."


class OutputTooLongError(EngineError):
    """The text came out {length} characters long, and at most {limit} fit."""

    code = "output_too_long"
    remedy = "Shorten the text, or cut it with the filter `truncate`."


class EmbedTooLongError(EngineError):
    """All texts of the embed together came out {length} characters long, and at most {limit} fit."""

    code = "embed_too_long"
    remedy = "Shorten the description or take fields away."


class EmptyOutputError(EngineError):
    """The text came out empty, and Discord refuses an empty one here."""

    code = "output_empty"
    remedy = "Give the value a fallback with the filter `default`."


class BadURLError(EngineError):
    """The address came out as something that is not an http or https address."""

    code = "bad_url"


class NotANumberError(EngineError):
    """{value} is not a number."""

    code = "not_a_number"


class NotYesOrNoError(EngineError):
    """{value} is neither yes nor no."""

    code = "not_yes_or_no"


class AnswerUncertainError(EngineError):
    """An earlier answer was cut off, so nobody knows whether it arrived. Nothing is sent twice."""

    code = "answer_uncertain"


class InternalStepError(EngineError):
    """Something went wrong inside Social Cube. This is not the fault of the command."""

    code = "internal_error"


class BudgetExceededError(EngineError):
    """The run used up a budget.

    Attributes:
        budget: name of the budget as the trace shows it.
    """

    code = "budget"
    remedy = "Make the command do less, or let the owner raise this budget."
    budget: ClassVar[str] = ""


class StepBudgetError(BudgetExceededError):
    """The run was stopped: it may take {limit} steps."""

    code = "budget_steps"
    budget = "steps"


class IterationBudgetError(BudgetExceededError):
    """The run was stopped: its loops may turn {limit} times in all."""

    code = "budget_iterations"
    budget = "iterations"


class HTTPCallBudgetError(BudgetExceededError):
    """The run was stopped: it may make {limit} HTTP calls."""

    code = "budget_http_calls"
    budget = "http_calls"


class DiscordWriteBudgetError(BudgetExceededError):
    """The run was stopped: it may write to Discord {limit} times."""

    code = "budget_discord_writes"
    budget = "discord_writes"


class DirectMessageBudgetError(BudgetExceededError):
    """The run was stopped: it may send {limit} direct messages."""

    code = "budget_direct_messages"
    budget = "direct_messages"


class VariableBudgetError(BudgetExceededError):
    """The run was stopped: it may use variables {limit} times."""

    code = "budget_variable_operations"
    budget = "variable_operations"


class WallTimeBudgetError(BudgetExceededError):
    """The run was stopped: it may take {limit} seconds."""

    code = "budget_wall_seconds"
    budget = "wall_seconds"


class RenderTimeBudgetError(BudgetExceededError):
    """The template was stopped: filling in one text may take {limit} seconds."""

    code = "budget_render_seconds"
    budget = "render_seconds"


class RenderTotalBudgetError(BudgetExceededError):
    """The run was stopped: filling in all its texts may take {limit} seconds together."""

    code = "budget_render_total_seconds"
    budget = "render_total_seconds"


class RenderSizeBudgetError(BudgetExceededError):
    """The template was stopped: it made {what} (the limit is {limit})."""

    code = "budget_render_size"
    budget = "render_size"
