"""Rules about servers: how their picture fits the tables, what a bot may do there, and what may be set."""

from socialcube.domain.guilds.policy.fields import (
    BUILT_IN,
    MAX_FIELDS,
    check_fields,
    read_fields,
    write_fields,
)
from socialcube.domain.guilds.policy.fitting import MAX_NAME_LENGTH, fit_bits, fit_icon, fit_name, shard_of
from socialcube.domain.guilds.policy.judging import judge
from socialcube.domain.guilds.policy.managers import CHECK_SECONDS, KEPT_SECONDS
from socialcube.domain.guilds.policy.news import (
    tell_leaving,
    tell_missed_leaving,
    tell_sighting,
    tell_unavailable,
)
from socialcube.domain.guilds.policy.permissions import (
    ADMINISTRATOR,
    CHANNEL_MASK,
    PERMISSIONS,
    list_permissions,
    name_permissions,
)
from socialcube.domain.guilds.policy.places import LOCALE_NAMES, LOCALES, is_time_zone, list_time_zones
from socialcube.domain.guilds.policy.values import MAX_TEXT, Choosable, check_values, effective_values

__all__ = [
    "ADMINISTRATOR",
    "BUILT_IN",
    "CHANNEL_MASK",
    "CHECK_SECONDS",
    "KEPT_SECONDS",
    "LOCALES",
    "LOCALE_NAMES",
    "MAX_FIELDS",
    "MAX_NAME_LENGTH",
    "MAX_TEXT",
    "PERMISSIONS",
    "Choosable",
    "check_fields",
    "check_values",
    "effective_values",
    "fit_bits",
    "fit_icon",
    "fit_name",
    "is_time_zone",
    "judge",
    "list_permissions",
    "list_time_zones",
    "name_permissions",
    "read_fields",
    "shard_of",
    "tell_leaving",
    "tell_missed_leaving",
    "tell_sighting",
    "tell_unavailable",
    "write_fields",
]
