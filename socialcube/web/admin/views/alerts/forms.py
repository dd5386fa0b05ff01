"""The form of a channel."""

from typing import Any, Final
from uuid import UUID

from flask import request
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from socialcube.domain.access.types import Permission
from socialcube.domain.alerts.types import MAX_ADDRESS_LENGTH, MAX_NAME_LENGTH
from socialcube.web import identity
from socialcube.web.admin.forms.base import PanelForm, Section
from socialcube.web.admin.forms.choices import choices_of
from socialcube.web.admin.views.choices import bot_choices

EVERY_BOT: Final = "all"


class AddressField(StringField):  # type: ignore[misc] # WTForms ships no types
    """An address. A webhook's is a secret, so it is never written back into the page."""

    def _value(self) -> str:
        text = str(self.data or "")
        return text if "@" in text and "/" not in text else ""


class ChannelForm(PanelForm):
    """Who is told, and of which bots."""

    name = StringField(
        "Name",
        [DataRequired(), Length(max=MAX_NAME_LENGTH)],
        description="Who reads it, like On call.",
    )
    address = AddressField(
        "Address",
        [Length(max=MAX_ADDRESS_LENGTH)],
        description="A Discord webhook URL, or an e-mail address. In Discord: channel settings, "
        "Integrations, Webhooks, Copy webhook URL. It is stored sealed and not shown again.",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    place = SelectField("Bots", description="Whose alerts it tells.", render_kw={"data-role": "combobox"})
    is_on = BooleanField("Switched on", default=True)


SECTIONS: Final = (
    Section("Who is told", "One message when a bot is in trouble, one when it is over.", ("name", "address")),
    Section("Of which bots", "Of one bot, or of every bot here.", ("place",)),
)
EDIT_SECTIONS: Final = (
    *SECTIONS,
    Section(
        "Whether it is used",
        "A channel at which nothing arrives any more switches itself off and says why.",
        ("is_on",),
    ),
)


def offer(form: Any, *, is_new: bool) -> None:
    """Fill in whose alerts the person may give to others."""
    every = [(EVERY_BOT, "Every bot, also those added later")]
    found = (every if identity.scope(Permission.ALERT_EDIT).is_all else []) + bot_choices(
        Permission.ALERT_EDIT
    )
    form.place.choices = choices_of(found)
    if is_new:
        # Flags are what templates and browsers read: an address is asked for only where there is none yet.
        form.address.flags.required = True
        asked = request.args.get("bot", "")
        if request.method == "GET" and asked in dict(found):
            form.place.data = asked
    else:
        form.address.description = f"{form.address.description} Left empty, it stays as it is."


def read_place(text: str) -> UUID | None:
    """Give the bot that was chosen, None for every bot."""
    return None if text == EVERY_BOT else UUID(text)
