"""A process that folds figures or writes an export, for tests that kill it."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import config
from socialcube.domain.jobs import service as job_files
from socialcube.domain.logs import service as logs
from socialcube.domain.logs.queries import list_fold_lags
from socialcube.domain.logs.types import Stream
from socialcube.worker.exports import sources
from socialcube.worker.handlers import export
from socialcube.worker.runtime import Runtime
from socialcube.worker.tasks import jobs
from tests.factories.settings import make_environ


def main() -> None:
    """Do the work in many small steps, with a dot on standard output after each."""
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        environ = make_environ(DATABASE_URL=options.url, VAR_DIR=str(Path(folder) / "var"))
        runtime = Runtime(config.load_settings(environ))
        if options.work == "fold":
            fold(runtime)
        else:
            write(runtime, UUID(options.job))
    sys.stdout.flush()
    os._exit(0)


def fold(runtime: Runtime) -> None:
    """Fold a few rows at a time until none is left."""
    while True:
        with runtime.services.shared.unit_of_work() as uow:
            counted = logs.fold_figures(uow, Stream.COMMANDS, 7)
            # What comes after this line may never happen, and what came before it may be undone.
            dot()
            uow.commit()
        # Lets another one have the cursor.
        time.sleep(0.02)
        # Nothing counted may also mean that another one holds the cursor.
        if not counted and not lag(runtime):
            return


def lag(runtime: Runtime) -> int:
    """Give how many rows are not counted yet."""
    with runtime.services.shared.reads() as session:
        return sum(lag.rows for lag in list_fold_lags(session))


def write(runtime: Runtime, job_id: UUID) -> None:
    """Do an export job in parts of a few rows."""
    sources.PAGE_ROWS = 10  # type: ignore[misc] # a test makes the steps small
    export.PART_BYTES = 1  # type: ignore[misc] # a test makes the steps small
    add = job_files.add_file_part

    def add_with_dot(*args: Any, **options: Any) -> bool:
        dot()
        # Whoever watches has the time to kill it here.
        time.sleep(0.01)
        return add(*args, **options)

    job_files.add_file_part = add_with_dot
    jobs.run_job(runtime, job_id)


def dot() -> None:
    """Say that a step was done."""
    os.write(1, b".")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("work", choices=["fold", "export"])
    parser.add_argument("--job", default="")
    return parser.parse_args()


if __name__ == "__main__":
    main()
