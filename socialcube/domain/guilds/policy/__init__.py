"""Rules about servers: how their picture fits the tables, and what may be set for them."""

from socialcube.domain.guilds.policy.fields import (
    BUILT_IN,
    MAX_FIELDS,
    check_fields,
    read_fields,
    write_fields,
)
from socialcube.domain.guilds.policy.fitting import MAX_NAME_LENGTH, fit_bits, fit_icon, fit_name
from socialcube.domain.guilds.policy.managers import CHECK_SECONDS, KEPT_SECONDS
from socialcube.domain.guilds.policy.places import LOCALE_NAMES, LOCALES, is_time_zone, list_time_zones
from socialcube.domain.guilds.policy.values import MAX_TEXT, Choosable, check_values, effective_values

__all__ = [
    "BUILT_IN",
    "CHECK_SECONDS",
    "KEPT_SECONDS",
    "LOCALES",
    "LOCALE_NAMES",
    "MAX_FIELDS",
    "MAX_NAME_LENGTH",
    "MAX_TEXT",
    "Choosable",
    "check_fields",
    "check_values",
    "effective_values",
    "fit_bits",
    "fit_icon",
    "fit_name",
    "is_time_zone",
    "list_time_zones",
    "read_fields",
    "write_fields",
]
