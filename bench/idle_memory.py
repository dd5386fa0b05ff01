"""What one more idle bot costs: in our runner, against a py-cord process of its own, as people do today."""

import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.copies import copy_bot
from bench.fleet import FIRST_OURS, FIRST_RAW, Gateway, fleet, pss_kib, raw_bots
from bench.pairs import Pair

BOTS = 1_000
PROCESSES = 3
_CALM_SECONDS = 5.0


def measure(bots: int = BOTS) -> Pair:
    """Measure KiB for each bot beyond the first, and for each process of a bot by itself."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Gateway() as gateway,
        fleet(gateway, Path(folder)) as ours,
        ExitStack() as stack,
    ):
        [model] = ours.add(1)
        runner = ours.start()
        gateway.wait_live(1)
        ours.wait_settled()
        alone = pss_kib(runner.pid)
        copy_bot(ours.house, model, range(FIRST_OURS + 1, FIRST_OURS + 1 + bots))
        gateway.wait_live(bots + 1)
        ours.wait_settled()
        many = pss_kib(runner.pid)
        raw = [stack.enter_context(raw_bots(gateway, FIRST_RAW + number, 1)) for number in range(PROCESSES)]
        time.sleep(_CALM_SECONDS)
        each = statistics.mean(pss_kib(process.pid) for process in raw)
    extra = (many - alone) / bots
    note = f"runner {alone / 1024:.0f} MiB with 1 bot, {many / 1024:.0f} MiB with {bots + 1}; PSS"
    return Pair("P8 memory per extra idle bot, KiB", extra, each, (extra / each,), "<= 0.01", note)
