"""What one log call costs the code that logs: our sink against a line through logging's FileHandler."""

import logging
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.pairs import Pair, compare
from socialcube.db import schema
from socialcube.db.session import create_engine, write_sessions
from socialcube.domain.logs.sink.database import DatabaseLogSink
from socialcube.domain.logs.sink.limits import Limits
from socialcube.kernel.secrets import Secret
from tests.factories.logs import make_command_log

CALLS = 2_000


def measure() -> Pair:
    """Measure microseconds a call, at the median of many calls; the slowest in a thousand is in the note."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(Secret(f"sqlite:///{folder}/logs.db"))
        schema.upgrade(engine)
        sink = DatabaseLogSink(write_sessions(engine), Path(folder), limits=Limits(rows=10**6))
        sink.start()
        logger = _file_logger(Path(folder) / "lines.log")
        slowest: list[float] = []
        rounds = 0

        def ours() -> float:
            nonlocal rounds
            rounds += 1
            records = [make_command_log() for _ in range(CALLS)]
            times = sorted(_timed(sink.put, record) for record in records)
            assert sink.flush(60), "the sink did not settle"
            slowest.append(times[int(CALLS * 0.999)])
            return times[CALLS // 2]

        def raw() -> float:
            times = sorted(_timed(_log_line, logger) for _ in range(CALLS))
            return times[CALLS // 2]

        pair = compare("P4 one log call, µs", ours, raw, target="<= 0.5")
        sink.close()
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT count(*), count(DISTINCT event_id) FROM command_logs")
            ).one()
        engine.dispose()
        assert tuple(found) == (rounds * CALLS, rounds * CALLS), "rows were lost or doubled"
        worst = sorted(slowest)[len(slowest) // 2]
        return _with_note(pair, f"p99.9 {worst:.0f} µs; lost 0, doubled 0")


def _timed(call: Callable[[Any], object], argument: object) -> float:
    started = time.perf_counter_ns()
    call(argument)
    return (time.perf_counter_ns() - started) / 1000


def _log_line(logger: logging.Logger) -> None:
    logger.info("command %s of bot %s by %s: %s in %.1f ms", "hello", 42, "Mara", "succeeded", 12.5)


def _file_logger(path: Path) -> logging.Logger:
    logger = logging.getLogger("bench.lines")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    return logger


def _with_note(pair: Pair, note: str) -> Pair:
    return Pair(pair.name, pair.ours, pair.raw, pair.ratios, pair.target, f"{pair.note}; {note}")
