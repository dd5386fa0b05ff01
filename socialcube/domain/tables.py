"""Every table of the house in one metadata, for migrations and for `create_all`."""

from socialcube.db.base import Base
from socialcube.domain.accounts import models as accounts
from socialcube.domain.alerts import models as alerts
from socialcube.domain.api_keys import models as api_keys
from socialcube.domain.audit import models as audit
from socialcube.domain.bot_secrets import models as bot_secrets
from socialcube.domain.bots import models as bots
from socialcube.domain.commands import models as commands
from socialcube.domain.guilds import models as guilds
from socialcube.domain.jobs import models as jobs
from socialcube.domain.logs import models as logs
from socialcube.domain.overview import models as overview
from socialcube.domain.placements import models as placements
from socialcube.domain.site import models as site

__all__ = [
    "accounts",
    "alerts",
    "api_keys",
    "audit",
    "bot_secrets",
    "bots",
    "commands",
    "guilds",
    "jobs",
    "logs",
    "metadata",
    "overview",
    "placements",
    "site",
]

metadata = Base.metadata
