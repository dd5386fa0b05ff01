"""docs/reference/queues.md and the code name the same queues, tasks, kinds and topics."""

import re
from pathlib import Path

from socialcube.domain.jobs.types import JobKind
from socialcube.infra.celery_settings import QUEUES
from socialcube.infra.control_bus import Topic
from socialcube.worker import schedule
from socialcube.worker.handlers import HANDLERS
from socialcube.worker.tasks import names

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "reference" / "queues.md").read_text(encoding="utf-8")


def rows(title: str) -> dict[str, list[str]]:
    """Give the cells of a section's table by the name in the first one."""
    section = PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {line[0].strip(" `"): [cell.strip() for cell in line[1:]] for line in lines}


def test_every_queue_is_documented() -> None:
    assert set(rows("Queues")) - {"<worker's name>.dq2"} == set(QUEUES)


def test_every_task_is_documented() -> None:
    assert set(rows("Tasks")) == set(names.ALL)


def test_the_schedule_is_documented() -> None:
    when = re.compile(r"hourly|every (10 s|15 s$|minute)")
    documented = {name for name, cells in rows("Tasks").items() if when.search(cells[0])}
    assert documented == set(schedule.entries())


def test_every_kind_of_job_is_documented_with_its_claim() -> None:
    documented = rows("Kinds of jobs")
    assert set(documented) == set(JobKind)
    for kind, handler in HANDLERS.items():
        assert documented[kind][1] == f"{handler.claim_seconds:.0f} s"


def test_every_topic_is_documented() -> None:
    assert set(rows("Hints")) == set(Topic)
