"""The whole web application on either database, furnished once: its tests only read."""

from collections.abc import Iterator

import pytest

import config
from socialcube.domain.access.types import Permission
from socialcube.domain.accounts import service as accounts
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.guilds import service as guilds
from socialcube.web.app import create_app
from socialcube.web.context import services_of
from socialcube.web.extensions import db
from tests.factories.alerts import store_alert, store_channel
from tests.factories.api_keys import make_api_key
from tests.factories.bots import make_bot
from tests.factories.guilds import make_field
from tests.factories.logs import make_bot_log, make_command_log, make_error_log, make_request_log
from tests.factories.settings import make_environ
from tests.support.databases import new_database
from tests.unit.web.admin.conftest import House, furnish, system
from tests.unit.web.conftest import Site

NAMES = ("alpha", "Beta", "gamma 100%", "Delta_1")
"""Bots beside the two that the house has; their order and their signs are what databases differ in."""


@pytest.fixture(scope="module")
def house(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with new_database(database_kind, request, folder) as database:
        environ = make_environ(DATABASE_URL=database.url.reveal(), VAR_DIR=str(folder / "var"))
        app = create_app(config.load_settings(environ))
        yield _fill(furnish(Site(app)))
        with app.app_context():
            db.engine.dispose()
        services_of(app).close()


def _fill(house: House) -> House:
    with house.site.unit() as uow:
        for name in NAMES:
            make_bot(uow.session, name=name)
        guilds.define_fields(
            uow, system(), house.own.bot_id, version=0, fields=[make_field(label="Greeting")]
        )
        accounts.create_role(uow, system(), name="Night", permissions=[Permission.BOT_VIEW])
        accounts.create_group(uow, system(), name="Shops", bot_ids=[house.own.bot_id])
        accounts.make_invite(uow, system(), role_id=BUILT_IN_ROLES[BuiltInRole.VIEWER].id, note="Ann")
        make_api_key(uow, house.owner.person.user.id)
        for bot_id in (house.own.bot_id, house.foreign.bot_id):
            store_alert(uow.session, bot_id)
            store_channel(uow.session, services_of(house.site.app).addresses, bot_id)
        uow.commit()
    sink = house.site.services.shared.make_sink()
    sink.start()
    for bot_id in (house.own.bot_id, house.foreign.bot_id):
        sink.put(make_command_log(bot_id=bot_id))
        sink.put(make_bot_log(bot_id=bot_id))
        sink.put(make_error_log(bot_id=bot_id))
        sink.put(make_request_log())
    sink.close()
    return house
