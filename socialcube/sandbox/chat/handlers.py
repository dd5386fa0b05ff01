"""The page's calls: people, view, messages, commands."""

from typing import TYPE_CHECKING, Final

from aiohttp import web

from socialcube.sandbox.chat.errors import NoSuchPersonError, TooLongError
from socialcube.sandbox.chat.guard import check_host, id_field, list_field, read_body, text_field
from socialcube.sandbox.chat.hub import Hub
from socialcube.sandbox.chat.views import message_view, person_view, world_view
from socialcube.sandbox.errors import MissingAccessError, MissingPermissionsError, UnknownUserError
from socialcube.sandbox.shapes.webhooks import webhook_json
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import User

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World

# Discord docs, "Create Message": the longest content.
LONGEST_MESSAGE: Final = 2000
PAGE: Final = 50
WEBHOOK_NAME: Final = "Alerts"


class Handlers:
    """Answers the page. `as` in each request says which demo person acts: there is nothing to log in to."""

    def __init__(self, world: "World", hub: Hub, panel_url: str) -> None:
        self._world = world
        self._hub = hub
        self._panel_url = panel_url

    async def people(self, request: web.Request) -> web.Response:
        """Give the demo people and the panel's address."""
        check_host(request)
        people = [person_view(user) for user in self._world.guilds.list_people()]
        return web.json_response({"people": people, "panel_url": self._panel_url})

    async def view(self, request: web.Request) -> web.Response:
        """Give a person's guilds with channels, roles, members and commands."""
        check_host(request)
        person = self.person(request.query.get("as"))
        return web.json_response(world_view(self._world, person, self._hub.present))

    async def messages(self, request: web.Request) -> web.Response:
        """Give a page of a channel's messages, oldest first, and whether older ones exist."""
        check_host(request)
        person, channel_id = self.person(request.query.get("as")), self._channel_id(request)
        if not self._world.guilds.may(person.id, channel_id, Permission.VIEW_CHANNEL):
            raise MissingAccessError
        before = id_field(request.query["before"], "before") if "before" in request.query else None
        # One more than a page tells whether another page follows.
        found = self._world.messages.list_in(channel_id, viewer_id=person.id, before=before, limit=PAGE + 1)
        page = [message_view(self._world, message) for message in found[-PAGE:]]
        return web.json_response({"messages": page, "has_earlier": len(found) > PAGE})

    async def post_message(self, request: web.Request) -> web.Response:
        """Post a text as a person and give the message."""
        body = await read_body(request)
        person, content = self.person(body.get("as")), text_field(body, "content")
        if len(content) > LONGEST_MESSAGE:
            raise TooLongError(limit=LONGEST_MESSAGE, length=len(content))
        message = self._world.messages.post(person.id, self._channel_id(request), Draft(content))
        return web.json_response(message_view(self._world, message), status=201)

    async def use_command(self, request: web.Request) -> web.Response:
        """Use a slash command as a person and give the interaction's id; the answer comes as an event."""
        body = await read_body(request)
        person = self.person(body.get("as"))
        command_id, options = id_field(body.get("command_id"), "command_id"), list_field(body, "options")
        interaction = self._world.interactions.invoke(
            person.id, self._channel_id(request), command_id, options
        )
        return web.json_response({"id": str(interaction.id)}, status=201)

    async def click(self, request: web.Request) -> web.Response:
        """Use a button below a message as a person and give the interaction's id."""
        body = await read_body(request)
        person, custom_id = self.person(body.get("as")), text_field(body, "custom_id")
        message_id = id_field(request.match_info["message"], "message")
        message = self._world.messages.get(self._channel_id(request), message_id)
        if not self._world.guilds.may(person.id, message.channel_id, Permission.VIEW_CHANNEL):
            raise MissingAccessError
        interaction = self._world.interactions.click(person.id, message, custom_id)
        return web.json_response({"id": str(interaction.id)}, status=201)

    async def webhook(self, request: web.Request) -> web.Response:
        """Give the address at which programs may write into a channel, to those who manage the server.

        A channel has one that this page made; asking again gives the same.
        """
        body = await read_body(request)
        person, channel_id = self.person(body.get("as")), self._channel_id(request)
        if not self._world.guilds.may(person.id, channel_id, Permission.MANAGE_GUILD):
            raise MissingPermissionsError
        webhooks = self._world.webhooks
        found = [item for item in webhooks.list_in(channel_id) if item.name == WEBHOOK_NAME]
        webhook = found[0] if found else webhooks.create(channel_id, WEBHOOK_NAME)
        url = webhook_json(webhook, base_url=f"http://{request.host}")["url"]
        return web.json_response({"name": webhook.name, "url": url})

    def person(self, value: object) -> User:
        """Give the demo person with this id, or raise NoSuchPersonError."""
        try:
            user = self._world.get_user(id_field(value, "as"))
        except UnknownUserError:
            raise NoSuchPersonError from None
        if user.bot:
            raise NoSuchPersonError
        return user

    def _channel_id(self, request: web.Request) -> int:
        channel_id = id_field(request.match_info["channel"], "channel")
        return self._world.guilds.get_channel(channel_id).id
