"""The forms that make and rotate a key."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import current_app
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from socialcube.domain.access.types import AREAS, EFFECTS, Actor, Permission
from socialcube.domain.api_keys.policy.scopes import list_offered
from socialcube.domain.api_keys.types import MAX_NAME_LENGTH
from socialcube.kernel.ids import read_id
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.views.choices import bot_choices
from socialcube.web.api import list_used_permissions

ALL: Final = "all"
SOME: Final = "some"
_LIVES: Final = ((7, "7 days"), (30, "30 days"), (90, "90 days"), (180, "180 days"), (365, "One year"))
_GRACES: Final = (
    (0, "Not at all: it ends now"),
    (1, "One hour"),
    (24, "One day"),
    (72, "3 days"),
    (168, "7 days"),
)


class KeyForm(PanelForm):
    """What a key is for, what it may do, and how long."""

    name = StringField(
        "Name",
        [DataRequired(), Length(max=MAX_NAME_LENGTH)],
        description="The script or the service that uses it.",
    )
    scopes = SelectMultipleField("It may")
    reach = SelectField(
        "Which bots",
        choices=choices_of(
            (
                (ALL, "All that I may make keys for, also those added later"),
                (SOME, "Only the ones ticked below"),
            )
        ),
        default=ALL,
    )
    bot_ids = SelectMultipleField("Bots", validate_choice=False)
    days = SelectField(
        "Works for", choices=choices_of((str(days), words) for days, words in _LIVES), default="90"
    )


class RotateForm(PanelForm):
    """How long the old secret still works."""

    hours = SelectField(
        "The old secret works on for",
        choices=choices_of((str(hours), words) for hours, words in _GRACES),
        default="24",
    )


SECTIONS: Final = (
    Section("The key", "You see it once, right after it is made.", ("name", "days")),
    Section(
        "What it may do",
        "Never more than you may do yourself at that moment: what you lose, it loses. "
        "No key can give rights, make keys or change the site.",
        ("scopes",),
    ),
    Section("Where", "Few bots make a stolen key worth less.", ("reach", "bot_ids")),
)


def offer(form: Any, actor: Actor) -> None:
    """Fill in what the person may put into a key."""
    offered = list_offered(actor) & list_used_permissions(current_app)
    form.scopes.choices = {
        title: [
            SelectChoice(each.value, EFFECTS[each].capitalize()) for each in permissions if each in offered
        ]
        for title, permissions in AREAS.items()
        if offered & set(permissions)
    }
    form.bot_ids.choices = choices_of(bot_choices(Permission.APIKEY_MANAGE))


def read_form(values: dict[str, Any]) -> dict[str, Any]:
    """Give what a service takes from what was typed."""
    picked = None if values["reach"] == ALL else _read_ids(values["bot_ids"] or ())
    return {
        "name": values["name"],
        "scopes": values["scopes"] or (),
        "bot_ids": picked,
        "life": timedelta(days=int(values["days"])),
    }


def _read_ids(texts: Any) -> list[UUID]:
    return [bot_id for text in texts if (bot_id := read_id(text))]
