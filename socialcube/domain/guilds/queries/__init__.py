"""Reads of servers: as last seen, and what was set for them."""

from socialcube.domain.guilds.queries.managers import (
    find_manager_check,
    find_open_server,
    get_manager_rules,
    list_known_servers,
    list_managed,
    list_open_servers,
)
from socialcube.domain.guilds.queries.mapping import MapPage, Mapped, count_map, list_map_page
from socialcube.domain.guilds.queries.marks import list_setting_marks
from socialcube.domain.guilds.queries.places import (
    find_before,
    find_place,
    list_channel_names,
    list_marks,
    list_sights,
)
from socialcube.domain.guilds.queries.settings import (
    get_form,
    get_settings,
    list_choosable,
    list_forms,
    list_setting_names,
    list_settings,
    list_settings_by_bot,
)
from socialcube.domain.guilds.queries.sightings import (
    check_is_in_guild,
    find_guild_id,
    find_icon,
    get_guild,
    get_guild_id,
    list_channels,
    list_guild_names,
    list_guilds_of_bot,
    list_places,
    list_roles,
    list_thing_names,
)

__all__ = [
    "MapPage",
    "Mapped",
    "check_is_in_guild",
    "count_map",
    "find_before",
    "find_guild_id",
    "find_icon",
    "find_manager_check",
    "find_open_server",
    "find_place",
    "get_form",
    "get_guild",
    "get_guild_id",
    "get_manager_rules",
    "get_settings",
    "list_channel_names",
    "list_channels",
    "list_choosable",
    "list_forms",
    "list_guild_names",
    "list_guilds_of_bot",
    "list_known_servers",
    "list_managed",
    "list_map_page",
    "list_marks",
    "list_open_servers",
    "list_places",
    "list_roles",
    "list_setting_marks",
    "list_setting_names",
    "list_settings",
    "list_settings_by_bot",
    "list_sights",
    "list_thing_names",
]
