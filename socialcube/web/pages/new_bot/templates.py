"""First commands to choose from: whole documents beside this file, that people change later."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from socialcube.domain.commands import documents
from socialcube.domain.commands.documents import CommandDocument
from socialcube.kernel.errors import NotFoundError

_FOLDER: Final = "first_commands"
_ICONS: Final = {"hello": "message", "rules": "logs", "split": "hash", "when": "clock"}


class TemplateNotFoundError(NotFoundError):
    """There is no template called {name}."""

    code = "template_not_found"
    remedy = "Choose one of those on the page."


@dataclass(frozen=True, slots=True)
class Template:
    """A command to begin with.

    Attributes:
        icon: name in the sprite.
    """

    document: CommandDocument
    icon: str


@cache
def list_templates() -> tuple[Template, ...]:
    """List all templates, the simplest first."""
    return tuple(Template(_read(name), icon) for name, icon in _ICONS.items())


def get_template(name: str) -> Template:
    """Get the template whose command has this name.

    Raises:
        TemplateNotFoundError: there is none.
    """
    found = next((template for template in list_templates() if template.document.name == name), None)
    if found is None:
        raise TemplateNotFoundError(name=name)
    return found


def _read(name: str) -> CommandDocument:
    source = files(__package__).joinpath(_FOLDER, f"{name}.yaml").read_text(encoding="utf-8")
    [document] = documents.parse_yaml(source)
    return document
