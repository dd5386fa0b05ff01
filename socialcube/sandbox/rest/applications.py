"""The bot's own application."""

from typing import Final

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.rest.call import Call, Reply
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.shapes.applications import LIMITED_FLAGS, application_json, flags_of, intents_of
from socialcube.sandbox.world.records import Application

_ENDPOINT: Final = "interactions_endpoint_url"
_edit = fields.record(
    {"description": fields.text(most=400), "flags": fields.integer(), _ENDPOINT: fields.url_or_nothing}
)


def get_mine(call: Call) -> Reply:
    """Give the bot's application."""
    return Reply(application_json(call.world, call.application))


def get_one(call: Call) -> Reply:
    """Give the application in the path, which must be the bot's own."""
    return Reply(application_json(call.world, call.own_application()))


def edit_mine(call: Call) -> Reply:
    """Change the description or where commands are sent, or switch the three limited intents.

    Only the flags with LIMITED in their name can be changed here; any other bit must stay as it is
    (Discord docs, "Application" > "Edit Current Application"). Discord asks an address that shall get the
    commands whether it answers; nobody is asked from here.
    """
    form = fields.read(_edit, call.body.value)
    application = call.application
    if "flags" in form:
        _switch(call, application, form["flags"])
    if "description" in form:
        call.world.applications.describe(application.id, form["description"])
    # Here a null says something: it takes the address away.
    if isinstance(call.body.value, dict) and _ENDPOINT in call.body.value:
        call.world.applications.set_interactions_url(application.id, form.get(_ENDPOINT, ""))
    return Reply(application_json(call.world, application))


def list_emojis(call: Call) -> Reply:
    """Give the application's emojis: it has none."""
    call.own_application()
    return Reply({"items": []})


def _switch(call: Call, application: Application, flags: int) -> None:
    present = flags_of(application.intents)
    if (flags ^ present) & ~sum(LIMITED_FLAGS):
        message = "Only the flags of limited gateway intents can be changed."
        raise InvalidFormError(
            {"flags": {"_errors": [{"code": "APPLICATION_FLAGS_INVALID", "message": message}]}}
        )
    call.world.applications.set_intents(application.id, intents_of(flags))


ROUTES = (
    Route("GET", "/applications/@me", get_mine),
    Route("PATCH", "/applications/@me", edit_mine),
    Route("GET", "/oauth2/applications/@me", get_mine),
    Route("GET", "/applications/{application_id}", get_one),
    Route("GET", "/applications/{application_id}/emojis", list_emojis),
)
