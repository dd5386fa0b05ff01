"""What a person would type into the options of a command, read by Discord's rules for a dry run."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from socialcube.domain.commands.documents.model import CommandDocument, OptionDocument
from socialcube.domain.commands.documents.rules import MAX_SAFE_INTEGER
from socialcube.domain.commands.errors import AnswersInvalidError
from socialcube.domain.commands.types import OptionType
from socialcube.engine.problems import Problem

_MAX_ANSWER_LENGTH: Final = 6_000
_MAX_THING_NAME: Final = 100
_ID: Final = re.compile(r"[0-9]{1,19}")
_MENTIONS: Final = {OptionType.USER: "<@{}>", OptionType.CHANNEL: "<#{}>", OptionType.ROLE: "<@&{}>"}
_YES_NO: Final = {"true": True, "yes": True, "false": False, "no": False}


def read_answers(document: CommandDocument, raw: Mapping[str, object]) -> dict[str, Any]:
    """Read answers by option name. Texts are taken for numbers where an option asks for them.

    Args:
        document: the command.
        raw: values; a user, channel or role is its id, or an object of its `id` and `name`.

    Returns:
        Typed values as an adapter gives them. Options that were left out are not there.

    Raises:
        AnswersInvalidError: a person could not have typed this; `problems` says why, by option.
    """
    options = {option.name: option for option in document.options}
    problems = [
        Problem(name[:40], "unknown_option", "The command has no such option.")
        for name in raw
        if name not in options
    ]
    answers: dict[str, Any] = {}
    for name, option in options.items():
        try:
            if name in raw:
                answers[name] = _read(option, raw[name])
            elif option.required:
                problems.append(Problem(name, "missing", "This option is required."))
        except _UnfitError as error:
            problems.append(Problem(name, "bad_value", error.sentence))
    if problems:
        raise AnswersInvalidError(problems)
    return answers


class _UnfitError(Exception):
    """A value does not fit its option."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _read(option: OptionDocument, raw: object) -> object:
    value = _READERS[option.type](option, raw)
    if option.choices and value not in [choice.value for choice in option.choices]:
        names = ", ".join(str(choice.value) for choice in option.choices)
        raise _UnfitError(f"This must be one of: {names}.")
    return value


def _read_string(option: OptionDocument, raw: object) -> str:
    text = str(raw)
    least, most = option.min_length or 0, option.max_length or _MAX_ANSWER_LENGTH
    if not least <= len(text) <= most:
        raise _UnfitError(f"This must have {least} to {most} characters.")
    return text


def _read_integer(option: OptionDocument, raw: object) -> int:
    number = _read_number(option, raw)
    if not number.is_integer():
        raise _UnfitError("This must be a whole number.")
    return int(number)


def _read_number(option: OptionDocument, raw: object) -> float:
    try:
        number = float(str(raw))
    except ValueError:
        raise _UnfitError("This must be a number.") from None
    least = -MAX_SAFE_INTEGER if option.min_value is None else option.min_value
    most = MAX_SAFE_INTEGER if option.max_value is None else option.max_value
    # Written so that "not a number" is refused too.
    if not least <= number <= most:
        raise _UnfitError(f"This must be from {least} to {most}.")
    return number


def _read_boolean(_option: OptionDocument, raw: object) -> bool:
    answer = _YES_NO.get(str(raw).lower())
    if answer is None:
        raise _UnfitError("This must be true or false.")
    return answer


def _read_thing(option: OptionDocument, raw: object) -> dict[str, str]:
    named = raw if isinstance(raw, Mapping) else {"id": raw}
    text = str(named.get("id"))
    if not _ID.fullmatch(text):
        raise _UnfitError(f"This must be the id of a {option.type}.")
    name = str(named.get("name") or text)[:_MAX_THING_NAME]
    return {"id": text, "name": name, "mention": _MENTIONS[option.type].format(text)}


_READERS: Final[Mapping[OptionType, Callable[[OptionDocument, object], object]]] = {
    OptionType.STRING: _read_string,
    OptionType.INTEGER: _read_integer,
    OptionType.NUMBER: _read_number,
    OptionType.BOOLEAN: _read_boolean,
    OptionType.USER: _read_thing,
    OptionType.CHANNEL: _read_thing,
    OptionType.ROLE: _read_thing,
}
