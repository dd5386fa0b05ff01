"""The seed of a run: what tests of faults draw their bad luck from, so that it can be had again."""

import os
import random
from typing import Final

VARIABLE: Final = "FAULT_SEED"


def fault_seed() -> int:
    """Give the seed of this run. `bin/faults` runs everything with several, `bin/test` with 1."""
    return int(os.environ.get(VARIABLE, "1"))


def chance(purpose: str) -> random.Random:
    """Give chance for one purpose: the same for the same seed, whatever else is drawn elsewhere."""
    return random.Random(f"{fault_seed()} {purpose}")  # noqa: S311 - a seed must be repeatable
