"""How a runner ends. Whoever starts it (honcho, systemd, Heroku) starts it anew on any of these."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes by name; 64 to 78 mean what sysexits.h says."""

    OK = 0
    TASK_DIED = 70
    """A part that must never end has ended (EX_SOFTWARE)."""
    LOOP_STALLED = 71
    """The event loop stood still for longer than a lease lives, so others own the bots now."""
    DECLARED_DEAD = 73
    """Another runner took this one for dead and freed its bots."""
    DATABASE_UNAVAILABLE = 75
    """The database could not be reached at the start (EX_TEMPFAIL)."""
    REFUSED_TO_START = 78
    """A key, the schema or the origin does not fit (EX_CONFIG)."""
