import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import service as accounts
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.queries import load_asker
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.audit import service as audit
from socialcube.domain.bots import service as bots
from socialcube.domain.exports import queries as exports
from socialcube.domain.exports import service
from socialcube.domain.exports.errors import ExportInvalidError, FileNotFoundHereError
from socialcube.domain.exports.policy import to_line
from socialcube.domain.exports.types import COLUMNS, Source
from socialcube.domain.guilds import service as guilds
from socialcube.domain.jobs import queries
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobState, JobView
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import LogRecord
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.secrets import Secret
from socialcube.worker.handlers import export
from socialcube.worker.tasks import jobs
from tests.factories.accounts import make_user
from tests.factories.bots import make_bot, make_identity
from tests.factories.commands import store_command
from tests.factories.guilds import make_guild
from tests.factories.logs import (
    BOT,
    OTHER_BOT,
    make_bot_log,
    make_command_log,
    make_error_log,
    make_request_log,
)
from tests.fakes.clock import START
from tests.fakes.sealing import FakeSealer
from tests.unit.worker.conftest import Worker

OWNER = Actor.cli("tests")


@pytest.fixture(autouse=True)
def people(monkeypatch: pytest.MonkeyPatch) -> dict[str, Actor]:
    """Give who is known by the text that jobs carry; tests take rights away in it."""
    known: dict[str, Actor] = {}
    monkeypatch.setattr(
        "socialcube.worker.handlers.export.load_asker",
        lambda session, who: known.get(who) or load_asker(session, who),
    )
    return known


def store(worker: Worker, *records: LogRecord) -> None:
    RowStore(worker.runtime.services.shared.writes).write([make_entry(record) for record in records])


def ask(worker: Worker, source: str = "logs.commands", actor: Actor = OWNER, **options: Any) -> UUID:
    with worker.unit() as uow:
        job_id = service.ask_export(uow, actor, source, **options)
        uow.commit()
    return job_id


def get(worker: Worker, job_id: UUID) -> JobView:
    with worker.unit() as uow:
        return queries.get_job(uow.session, job_id)


def run(worker: Worker, source: str = "logs.commands", actor: Actor = OWNER, **options: Any) -> JobView:
    job_id = ask(worker, source, actor, **options)
    jobs.run_job(worker.runtime, job_id)
    return get(worker, job_id)


def read(worker: Worker, job: JobView) -> list[list[str]]:
    with worker.unit() as uow:
        data = b"".join(queries.open_file(uow.session, job.id))
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def parts(worker: Worker) -> int:
    with worker.unit() as uow:
        return int(uow.session.scalar(text("SELECT count(*) FROM job_files")) or 0)


def test_a_log_becomes_a_file_with_all_its_columns(worker: Worker) -> None:
    store(worker, make_command_log(user_name="=Mara"), make_command_log(bot_id=OTHER_BOT))
    job = run(worker)
    head, *rows = read(worker, job)
    assert tuple(head) == COLUMNS[Source.COMMAND_LOG]
    assert sorted(row[head.index("user_name")] for row in rows) == ["'=Mara", "Mara"]
    assert job.state is JobState.DONE
    assert job.result is not None
    assert (job.progress, job.result["rows"]) == (100, 2)
    assert str(job.result["name"]).startswith("logs-commands-")


def test_filters_and_columns_are_kept_to(worker: Worker) -> None:
    moments = [START + timedelta(minutes=number) for number in range(3)]
    store(worker, *(make_command_log(occurred_at=moment, command_name=f"c{moment:%M}") for moment in moments))
    job = run(
        worker,
        filters={"after": moments[1].isoformat()},
        columns=["command_name", "occurred_at"],
        with_mark=False,
    )
    assert read(worker, job) == [
        ["command_name", "occurred_at"],
        ["c06", "2026-01-02T03:06:05Z"],
        ["c05", "2026-01-02T03:05:05Z"],
    ]


def test_a_list_without_rows_is_a_file_with_its_head(worker: Worker) -> None:
    assert read(worker, run(worker, "logs.errors")) == [list(COLUMNS[Source.ERROR_LOG])]


@pytest.mark.parametrize("source", list(Source))
def test_every_list_can_be_exported(worker: Worker, source: Source) -> None:
    with worker.unit() as uow:
        bots.create_bot(uow, OWNER, FakeSealer(), identity=make_identity(name="Fern"), token=Secret("token"))
        uow.commit()
    job = run(worker, source)
    assert job.problem == ""
    assert read(worker, job)[0] == list(COLUMNS[source])


def test_the_list_of_people_names_their_roles(worker: Worker) -> None:
    with worker.unit() as uow:
        ann = make_user(uow, "ann", role=BuiltInRole.VIEWER)
        group_id = accounts.create_group(uow, OWNER, name="Shop")
        role_id = BUILT_IN_ROLES[BuiltInRole.EDITOR].id
        accounts.grant_role(uow, OWNER, user_id=ann.id, role_id=role_id, group_id=group_id)
        accounts.invite_person(uow, OWNER, 123456789012345678, name="Nina")
        uow.commit()
    lines = read(worker, run(worker, "people", columns=["name", "account", "roles"]))
    assert ["Ann", "may sign in", "Viewer on the whole site; Editor on the group Shop"] in lines
    assert ["Nina", "never signed in", ""] in lines


def test_a_person_gets_the_rows_of_their_own_bots_only(worker: Worker, people: dict[str, Actor]) -> None:
    editor = Actor("user", "ann", frozenset(), {BOT: frozenset({Permission.BOT_VIEW, Permission.LOG_EXPORT})})
    people[str(editor)] = editor
    store(worker, make_error_log(bot_id=BOT, code="mine"), make_error_log(bot_id=OTHER_BOT), make_error_log())
    filters = {"bot_ids": [str(BOT), str(OTHER_BOT)]}
    for job in (
        run(worker, "logs.errors", editor, columns=["code"], filters=filters),
        run(worker, "logs.errors", editor, columns=["code"]),
    ):
        assert read(worker, job) == [["code"], ["mine"]]


def test_who_may_not_export_is_refused_when_asking(worker: Worker) -> None:
    viewer = Actor("user", "ann", frozenset({Permission.BOT_VIEW, Permission.LOG_VIEW}))
    with pytest.raises(ForbiddenError, match=r"log\.export"):
        ask(worker, "logs.commands", viewer)
    with pytest.raises(ForbiddenError, match=r"site\.admin"):
        ask(worker, "people", viewer)


@pytest.mark.parametrize(
    ("source", "options", "reason"),
    [
        ("nothing", {}, "source"),
        ("logs.commands", {"columns": ["secret"]}, "no column secret"),
        ("logs.commands", {"columns": ["outcome", "outcome"]}, "named twice"),
        ("logs.commands", {"filters": {"surprise": 1}}, "surprise"),
        ("bots", {"filters": {"bot_ids": ["x"]}}, "bot_ids"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    worker: Worker, source: str, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ExportInvalidError, match=reason):
        ask(worker, source, **options)


def test_a_right_taken_away_meanwhile_stops_the_export(worker: Worker, people: dict[str, Actor]) -> None:
    held = frozenset({Permission.BOT_VIEW, Permission.LOG_EXPORT})
    editor = Actor("user", "ann", held)
    people[str(editor)] = editor
    store(worker, make_command_log())
    job_id = ask(worker, actor=editor)
    people[str(editor)] = Actor("user", "ann", frozenset({Permission.BOT_VIEW}))
    jobs.run_job(worker.runtime, job_id)
    assert get(worker, job_id).state is JobState.FAILED
    assert "log.export" in get(worker, job_id).problem
    assert parts(worker) == 0


def test_a_right_taken_away_between_two_parts_stops_the_export(
    worker: Worker, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = Actor("user", "ann", frozenset({Permission.BOT_VIEW, Permission.LOG_EXPORT}))
    people[str(editor)] = editor
    store(worker, *(make_command_log() for _ in range(5)))
    monkeypatch.setattr("socialcube.worker.exports.sources.PAGE_ROWS", 1)
    monkeypatch.setattr(export, "PART_BYTES", 1)
    add = job_service.add_file_part

    def add_then_lose(*args: Any, **options: Any) -> bool:
        people[str(editor)] = Actor("user", "ann", frozenset({Permission.BOT_VIEW}))
        return add(*args, **options)

    monkeypatch.setattr(job_service, "add_file_part", add_then_lose)
    job = run(worker, actor=editor)
    assert job.state is JobState.FAILED
    assert parts(worker) == 1
    jobs.delete_files(worker.runtime)
    assert parts(worker) == 0


def test_a_right_taken_away_stops_the_export_before_a_part_is_full(
    worker: Worker, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = Actor("user", "ann", frozenset({Permission.BOT_VIEW, Permission.LOG_EXPORT}))
    people[str(editor)] = editor
    store(worker, *(make_command_log() for _ in range(5)))
    monkeypatch.setattr("socialcube.worker.exports.sources.PAGE_ROWS", 1)
    monkeypatch.setattr(export, "LOOK_SECONDS", 0.0)
    lines: list[str] = []

    def write_then_lose(cells: Iterable[object]) -> str:
        people[str(editor)] = Actor("user", "ann", frozenset({Permission.BOT_VIEW}))
        lines.append(to_line(cells))
        return lines[-1]

    monkeypatch.setattr(export, "to_line", write_then_lose)
    job = run(worker, actor=editor)
    assert job.state is JobState.FAILED
    assert len(lines) == 2, "the head and one row"
    assert parts(worker) == 0


def test_the_bar_moves_while_parts_are_written(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    store(worker, *(make_command_log() for _ in range(4)))
    monkeypatch.setattr("socialcube.worker.exports.sources.PAGE_ROWS", 1)
    monkeypatch.setattr(export, "PART_BYTES", 1)
    seen: list[int] = []
    add = job_service.add_file_part

    def note(*args: Any, percent: int, **options: Any) -> bool:
        seen.append(percent)
        return add(*args, percent=percent, **options)

    monkeypatch.setattr(job_service, "add_file_part", note)
    job = run(worker)
    assert seen == [25, 50, 75, 99]
    assert len(read(worker, job)) == 5


def test_a_withdrawn_export_writes_no_more(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    store(worker, *(make_command_log() for _ in range(3)))
    monkeypatch.setattr("socialcube.worker.exports.sources.PAGE_ROWS", 1)
    monkeypatch.setattr(export, "PART_BYTES", 1)
    add = job_service.add_file_part

    def add_then_withdraw(uow: Any, job_id: UUID, *args: Any, **options: Any) -> bool:
        done = add(uow, job_id, *args, **options)
        job_service.cancel(uow, OWNER, job_id)
        return done

    monkeypatch.setattr(job_service, "add_file_part", add_then_withdraw)
    job = run(worker)
    assert job.state is JobState.CANCELLED
    assert parts(worker) == 1


def test_a_file_that_grows_too_large_says_so(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    store(worker, make_command_log())
    monkeypatch.setattr(export, "MAX_FILE_BYTES", 300)
    job = run(worker)
    assert job.state is JobState.FAILED
    assert "Narrow the filter" in job.problem


def test_what_a_dead_worker_wrote_is_not_kept(worker: Worker) -> None:
    store(worker, make_command_log())
    job_id = ask(worker)
    with worker.unit() as uow:
        job_service.claim(uow, job_id, "dead", claim_seconds=30)
        job_service.add_file_part(uow, job_id, "dead", number=0, data=b"half", percent=10, claim_seconds=-1)
        uow.commit()
    jobs.run_job(worker.runtime, job_id)
    assert len(read(worker, get(worker, job_id))) == 2


def test_files_go_a_day_after_their_job_ended(worker: Worker) -> None:
    job = run(worker)
    assert jobs.delete_files(worker.runtime) == 0
    with worker.unit() as uow:
        uow.session.execute(text("UPDATE jobs SET finished_at = datetime('now', '-25 hours') || '.000000'"))
        uow.commit()
    assert jobs.delete_files(worker.runtime) == 1
    assert read(worker, job) == []


def test_a_file_is_for_whoever_asked_and_still_may(worker: Worker, people: dict[str, Actor]) -> None:
    grants = {BOT: frozenset({Permission.BOT_VIEW, Permission.LOG_EXPORT})}
    both = {**grants, OTHER_BOT: grants[BOT]}
    ann = Actor("user", "ann", frozenset(), both)
    people[str(ann)] = ann
    job = run(worker, actor=ann)
    now = worker.runtime.services.shared.clock.now()
    with worker.unit() as uow:
        file = exports.get_file(uow.session, ann, job.id, now)
        assert file.size == sum(map(len, exports.open_file(uow.session, file)))
        with pytest.raises(FileNotFoundHereError):
            exports.get_file(uow.session, OWNER, job.id, now)
        with pytest.raises(FileNotFoundHereError):
            exports.get_file(uow.session, ann, UUID(int=5), now)
        with pytest.raises(FileNotFoundHereError):
            exports.get_file(uow.session, ann, job.id, now + timedelta(hours=25))
        with pytest.raises(ForbiddenError):
            exports.get_file(uow.session, Actor("user", "ann", frozenset(), grants), job.id, now)


FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\uff1d1+1",
    "\ufe621",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u2212\uff0b1",
    "x;=1+1",
    'x"\r\n=1+1',
)


def test_asvs_1_2_10_no_cell_of_any_list_begins_a_formula(worker: Worker) -> None:
    for words in FORMULAS:
        store_hostile(worker, words)
    for source in Source:
        head, *rows = read(worker, run(worker, source))
        assert len(rows) >= len(FORMULAS), f"{source} holds none of it"
        for row in rows:
            assert len(row) == len(head), row
            assert not list(filter(begins_formula, row)), (source, row)


def store_hostile(worker: Worker, words: str) -> None:
    """Store something of everything that is listed, with these words wherever a text can stand."""
    more = {"outcome": words, "error_message": words, "guild_name": words, "options": {words: words}}
    store(
        worker,
        make_command_log(command_name=words, user_name=words, **more),
        make_bot_log(kind=words, message=words, data={words: words}),
        make_error_log(code=words, message=words, place=words, detail=words),
        make_request_log(path=words, user=words, agent=words, address=words),
    )
    with worker.unit() as uow:
        bot = make_bot(uow.session, name=words, description=words)
        store_command(uow.session, bot.id, words).description = words
        guilds.sync_guild(uow, bot.id, "discord", make_guild(name=words))
        make_user(uow, words)
        audit.record(uow, OWNER, words, subject_kind="thing", subject_id=words, after={words: words})
        uow.commit()


def begins_formula(cell: str) -> bool:
    """Tell whether a spreadsheet might calculate: by the sign that is seen first, in any width of it."""
    seen = cell.lstrip("".join(sign for sign in cell if unicodedata.category(sign)[0] in "CZ"))
    sign = unicodedata.normalize("NFKC", seen[:1]).replace("\u2212", "-")
    is_number = re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell) is not None
    return cell[:1] in {"\t", "\r", "\n"} or (sign in {"=", "+", "-", "@"} and not is_number)
