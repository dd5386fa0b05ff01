import json

from socialcube.domain.jobs import service
from socialcube.domain.jobs.types import JobKind
from tests.unit.web.cli.conftest import ACTOR
from tests.unit.web.conftest import Site


def test_no_jobs_says_so(site: Site) -> None:
    assert site.run("jobs", "list").output == "No job was asked for yet.\n"


def test_the_newest_job_comes_first_with_its_state(site: Site) -> None:
    with site.unit() as uow:
        first = service.ask(uow, ACTOR, JobKind.RETENTION, {})
        second = service.ask(uow, ACTOR, JobKind.DRY_RUN, {})
        service.claim(uow, first, "tests")
        service.fail(uow, first, "tests", "It was\ntoo much.")
        uow.commit()
    rows = [json.loads(line) for line in site.run("jobs", "list", "--json").output.splitlines()]
    assert [row["id"] for row in rows] == [str(second), str(first)]
    assert [row["state"] for row in rows] == ["queued", "failed"]
    assert r"It was\ntoo much." in site.run("jobs", "list").output
    assert len(site.run("jobs", "list", "--limit", "1").output.splitlines()) == 2
