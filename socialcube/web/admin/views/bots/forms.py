"""The form of a bot: what people call it, and by which words they find it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from socialcube.domain.bots.errors import InvalidBotDescriptionError, InvalidBotNameError, InvalidTagsError
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH
from socialcube.kernel.errors import SocialCubeError
from socialcube.web.admin.forms.base import PanelForm, Section

SECTIONS: Final = (
    Section(
        "What people call it",
        "Shown in this panel only. What people see in Discord is changed there.",
        ("name", "description"),
    ),
    Section("How it is found", "Lists are filtered by tags, and many bots are chosen by one.", ("tags",)),
)
ERROR_FIELDS: Final[Mapping[type[SocialCubeError], str]] = {
    InvalidBotNameError: "name",
    InvalidBotDescriptionError: "description",
    InvalidTagsError: "tags",
}


class BotForm(PanelForm):
    """What people call a bot, and by which words they find it."""

    name = StringField("Name", [DataRequired(), Length(max=MAX_NAME_LENGTH)])
    description = TextAreaField("Description", [Length(max=MAX_DESCRIPTION_LENGTH)])
    tags = StringField("Tags", description="Separated by commas, like: client, studio.")


@dataclass(frozen=True, slots=True)
class Filled:
    """What fills the form of a bot; its tags stand in one line."""

    name: str
    description: str
    tags: str
    version: int

    @classmethod
    def of(cls, bot: Bot) -> Self:
        """Take it from what is stored."""
        return cls(bot.name, bot.description, ", ".join(tag.tag for tag in bot.tags), bot.version)


def read_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was typed as the service takes it."""
    tags = [tag.strip() for tag in values["tags"].split(",") if tag.strip()]
    return {"name": values["name"], "description": values["description"] or "", "tags": tags}
