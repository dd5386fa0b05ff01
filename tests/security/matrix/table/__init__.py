"""The one list of all doors and of what each asks for. Nothing here is read from the panel's own code.

How to add a route: write one row per method into the file of its area, with what must be held and what it is
about; `tests/security/matrix/model.py` says what each part of a row means. Names like `$bot_id` stand for
something of the object at hand and are made in `world.py`: `$word` is the word that all names of the object
begin with. A form must be one that works, since the open door has to leave its trace.

A door that is used in two ways (another object, another form) gets a row for each, told apart by `case`.
A new permission, or a role that holds more, also needs `holders.py` and `markers.py`.
"""

from typing import Final

from tests.security.matrix.model import Row
from tests.security.matrix.table.alerts import ALERTS
from tests.security.matrix.table.api import API
from tests.security.matrix.table.bots import BOTS
from tests.security.matrix.table.commands import COMMANDS
from tests.security.matrix.table.logs import LOGS
from tests.security.matrix.table.manage import MANAGE
from tests.security.matrix.table.people import PEOPLE
from tests.security.matrix.table.servers import SERVERS
from tests.security.matrix.table.shell import SHELL
from tests.security.matrix.table.sockets import SOCKETS

TABLE: Final[tuple[Row, ...]] = (*SHELL, *BOTS, *COMMANDS, *SERVERS, *LOGS, *ALERTS, *PEOPLE, *MANAGE)

__all__ = ["API", "SOCKETS", "TABLE"]
