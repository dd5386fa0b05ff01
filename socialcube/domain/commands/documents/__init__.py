"""Documents of commands: their shape, Discord's rules, files, and what is registered of them."""

from socialcube.domain.commands.documents.answers import read_answers
from socialcube.domain.commands.documents.checking import canonical, check, compile_document, parse
from socialcube.domain.commands.documents.files import parse_yaml, to_yaml
from socialcube.domain.commands.documents.model import ChoiceDocument, CommandDocument, OptionDocument
from socialcube.domain.commands.documents.registration import to_registration

__all__ = [
    "ChoiceDocument",
    "CommandDocument",
    "OptionDocument",
    "canonical",
    "check",
    "compile_document",
    "parse",
    "parse_yaml",
    "read_answers",
    "to_registration",
    "to_yaml",
]
