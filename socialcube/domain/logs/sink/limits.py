"""How much the sink holds and how long it waits, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds and times of a sink; times in seconds.

    Attributes:
        rows: rows that may wait in memory.
        size: bytes that their journal lines may have together.
        batch_rows: rows of one transaction at most.
        gather: how long a first record waits for company before the journal has it.
        window: how long a first row waits for company before the database has it.
        patience: how long an idle thread sleeps before it looks around.
        first_delay, longest_delay: between tries while the database is away.
        replay_every: between searches for orphaned journals.
        damaged_kept: how long lines that could not be read are kept for people.
    """

    rows: int = 50_000
    size: int = 64 * 1024 * 1024
    batch_rows: int = 500
    gather: float = 0.004
    window: float = 0.05
    patience: float = 1.0
    first_delay: float = 0.1
    longest_delay: float = 5.0
    replay_every: float = 15.0
    damaged_kept: float = 365 * 86_400.0
