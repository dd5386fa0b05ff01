"""A process that makes log rows, for tests that kill it: `python -m tests.support.log_maker …`."""

import argparse
import os
import resource
import sys
import time
from pathlib import Path

# Green before anything else is imported, as in wsgi.py.
if "--green" in sys.argv:
    import warnings

    warnings.simplefilter("ignore")
    import eventlet

    eventlet.monkey_patch()

from socialcube.db.session import create_engine, write_sessions
from socialcube.domain.logs.sink import DatabaseLogSink, Limits
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.secrets import Secret
from tests.factories.logs import make_bot_log

QUICK = Limits(window=0.01, patience=0.1, first_delay=0.05, longest_delay=0.2, replay_every=0.2)


def main() -> None:
    """Put rows that say `NAME:NUMBER`, note each number in a file, then wait until all are committed."""
    options = parse()
    if options.file_limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_limit, options.file_limit))
    engine = create_engine(Secret(options.url), busy_timeout_ms=20)
    sink = DatabaseLogSink(write_sessions(engine), Path(options.folder), limits=QUICK)
    sink.start()
    name = options.name
    if options.fork:
        put_rows(sink, f"{name}-parent", 20, options)
        sink.flush(30)
        child = os.fork()
        if not child:
            # The connections are the parent's, as SQLAlchemy documents for forks.
            engine.dispose(close=False)
        name = f"{name}-{'again' if child else 'child'}"
        sink.start()
    put_rows(sink, name, options.count, options)
    is_complete = sink.close(60)
    if options.fork and child:
        is_complete = os.waitpid(child, 0)[1] == 0 and is_complete
    sys.stdout.flush()
    os._exit(0 if is_complete else 1)


def put_rows(sink: DatabaseLogSink, name: str, count: int, options: argparse.Namespace) -> None:
    """Put rows at the asked pace. What is noted was put."""
    clock = SystemClock()
    progress = os.open(options.progress, os.O_WRONLY | os.O_CREAT, 0o600) if options.progress else None
    slowest = 0.0
    for number in range(count):
        started = time.perf_counter()
        sink.put(make_bot_log(occurred_at=clock.now(), message=f"{name}:{number}"))
        slowest = max(slowest, time.perf_counter() - started)
        if progress is not None:
            os.pwrite(progress, b"%10d" % (number + 1), 0)
        if number % options.burst == 0:
            time.sleep(options.pause)
    sys.stdout.write(f"{slowest:.6f}\n")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("folder")
    parser.add_argument("name")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--burst", type=int, default=10)
    parser.add_argument("--pause", type=float, default=0.001)
    parser.add_argument("--progress", default="")
    parser.add_argument("--file-limit", type=int, default=0)
    parser.add_argument("--fork", action="store_true")
    parser.add_argument("--green", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
