"""The generated screens, one file each."""

from collections.abc import Callable
from typing import Final

from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.audit_logs import AuditLogsView
from socialcube.web.admin.views.bot_logs import BotLogsView
from socialcube.web.admin.views.bots import BotsView
from socialcube.web.admin.views.command_logs import CommandLogsView
from socialcube.web.admin.views.error_logs import ErrorLogsView
from socialcube.web.admin.views.request_logs import RequestLogsView
from socialcube.web.admin.views.server_settings import ServerSettingsView
from socialcube.web.admin.views.servers import ServersView

SCREENS: Final[tuple[Callable[[], SecureView], ...]] = (
    BotsView,
    ServersView,
    ServerSettingsView,
    CommandLogsView,
    BotLogsView,
    ErrorLogsView,
    RequestLogsView,
    AuditLogsView,
)
"""Each makes one screen; a view belongs to one application, so nothing is made on import."""
