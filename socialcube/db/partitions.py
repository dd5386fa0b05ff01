"""Tables that PostgreSQL keeps in one partition a day. SQLite keeps them whole."""

from typing import Final

BY_DAY: Final = {"postgresql_partition_by": "RANGE (occurred_at)"}
"""Table arguments of a partitioned table. Its moment must be a part of every unique key."""
