"""What can go wrong with commands."""

from collections.abc import Sequence
from typing import Final

from socialcube.engine.problems import Problem
from socialcube.kernel.errors import ConflictError, InvalidInputError, NotFoundError, VersionConflictError

# A command has at most 25 options; who names hundreds of others sees enough with these.
_MOST_SAID: Final = 25


class CommandsInvalidError(InvalidInputError):
    """This cannot be used yet: {first}

    Attributes:
        problems: everything that is wrong, each with its place.
    """  # noqa: D415 - the problem ends the sentence

    code = "commands_invalid"
    remedy = "Mend what the list of problems names, then try again."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(first=say(self.problems[0]))


class AnswersInvalidError(InvalidInputError):
    """Nobody could type this into the options of the command. {all}

    Attributes:
        problems: everything that is wrong; the path of each is the option's name.
    """  # noqa: D415 - the problems end the sentence

    code = "answers_invalid"
    remedy = "Correct these options, then try again."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(all=" ".join(map(say, self.problems[:_MOST_SAID])))


class CommandNotFoundError(NotFoundError):
    """This bot has no command {name}."""

    code = "command_not_found"
    remedy = "`flask --app wsgi commands list` shows the commands of a bot."


class VersionNotFoundError(NotFoundError):
    """The command {name} has no version {number}."""

    code = "version_not_found"
    remedy = "Choose one of its published versions; `flask --app wsgi commands history` lists them."


class CommandChangedError(VersionConflictError):
    """Somebody changed {name} in the meantime: you saw edit {seen}, now it is edit {current}."""

    code = "command_changed"
    remedy = "Load it again and repeat your change."


class CommandExistsError(ConflictError):
    """This bot already has a command {name}."""

    code = "command_exists"
    remedy = "Choose another name, or edit the one that is there."


class TooManyCommandsError(ConflictError):
    """Discord takes at most {limit} commands {scope}, and this bot has them all in use."""

    code = "too_many_commands"
    remedy = "Switch off or delete a command that is not needed, then publish again."


class UnknownCommandError(NotFoundError):
    """Nothing published answers to this command: it was withdrawn, or registered elsewhere."""

    code = "unknown_command"
    remedy = "Review the changes to the bot's commands, so that Discord stops offering it."


class CommandBrokenError(ConflictError):
    """This version of Social Cube cannot run the published command: {first}

    It was valid when it was published.
    """  # noqa: D415 - the problem ends the sentence

    code = "command_broken"
    remedy = "Open the command, mend what is marked, and publish it again."


class CommandOffError(ConflictError):
    """This command is switched off on the server where it was used."""

    code = "command_off"
    remedy = "Switch it on in the settings of that server, if people should have it there."


class TooFastError(ConflictError):
    """This person used more than {runs} commands in {seconds:g} seconds."""

    code = "too_fast"
    remedy = "Nothing to do: it protects the bot from floods."


class TooBusyError(ConflictError):
    """The bot was running {runs} commands at once already."""

    code = "too_busy"
    remedy = "Make its commands answer sooner, or spread them over several bots."


class NotReadyError(ConflictError):
    """The bot had just come online, and its commands were not read from the database in time."""

    code = "not_ready"
    remedy = "Use the command again. If it stays so, look whether the database answers quickly."


class RunInterruptedError(ConflictError):
    """The run was cut off: the bot was stopped or its process ended."""

    code = "interrupted"
    remedy = "Use the command again. What it did before is in the trace."


def say(problem: Problem) -> str:
    """Write a problem as one line: its place, then its sentence."""
    place = f"{problem.path}: " if problem.path else ""
    return place + problem.message


class PlanChangedError(ConflictError):
    """Something changed at Discord or here since you looked at the plan, so nothing was done."""

    code = "plan_changed"
    remedy = "Look at the changes again, then apply them."
