"""The generated screens, one file each."""

from collections.abc import Callable
from typing import Final

from socialcube.web.admin.secure import SecureView
from socialcube.web.admin.views.access_groups import AccessGroupsView
from socialcube.web.admin.views.alerts import AlertChannelsView, AlertsView
from socialcube.web.admin.views.api_keys import ApiKeysView
from socialcube.web.admin.views.audit_logs import AuditLogsView
from socialcube.web.admin.views.bot_logs import BotLogsView
from socialcube.web.admin.views.bots import BotsView
from socialcube.web.admin.views.command_logs import CommandLogsView
from socialcube.web.admin.views.commands import CommandsView
from socialcube.web.admin.views.error_logs import ErrorLogsView
from socialcube.web.admin.views.grants import GrantsView
from socialcube.web.admin.views.invites import InvitesView
from socialcube.web.admin.views.people import PeopleView
from socialcube.web.admin.views.request_logs import RequestLogsView
from socialcube.web.admin.views.roles import RolesView
from socialcube.web.admin.views.server_settings import ServerSettingsView
from socialcube.web.admin.views.servers import ServersView
from socialcube.web.admin.views.setting_fields import SettingFieldsView

SCREENS: Final[tuple[Callable[[], SecureView], ...]] = (
    BotsView,
    CommandsView,
    ServersView,
    ServerSettingsView,
    SettingFieldsView,
    CommandLogsView,
    BotLogsView,
    ErrorLogsView,
    RequestLogsView,
    AuditLogsView,
    AlertsView,
    AlertChannelsView,
    PeopleView,
    GrantsView,
    AccessGroupsView,
    InvitesView,
    RolesView,
    ApiKeysView,
)
"""Each makes one screen; a view belongs to one application, so nothing is made on import."""
