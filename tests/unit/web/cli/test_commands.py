import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from socialcube.domain.bots.queries import get_bot
from socialcube.domain.commands import documents, queries
from socialcube.domain.guilds.service import sync_guild
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service
from socialcube.domain.jobs.types import JobKind, JobView, fleet_target
from socialcube.infra.control_bus import Topic
from socialcube.web.cli import waiting
from tests.factories.guilds import make_guild
from tests.unit.web.cli.conftest import HELLO, add_bot, add_command
from tests.unit.web.conftest import Site


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "commands.yaml"
    path.write_text(HELLO)
    return path


def live(site: Site) -> list[tuple[str, int]]:
    with site.services.shared.reads() as session:
        bot = get_bot(session, "Fern")
        return [(item.name, item.version) for item in queries.list_published(session, bot.id)]


def join(site: Site, bot_id: UUID, guild_id: int, name: str) -> None:
    with site.unit() as uow:
        sync_guild(uow, bot_id, "discord", make_guild(external_id=guild_id, name=name))
        uow.commit()


def test_import_takes_drafts_in_and_leaves_what_is_live(site: Site, file: Path) -> None:
    add_bot(site)
    assert site.run("commands", "import", "Fern", str(file)).output == "created: hello\n"
    assert live(site) == []
    assert site.run("commands", "import", "Fern", str(file)).output == "unchanged: hello\n"


def test_import_and_publish_makes_them_live(site: Site, file: Path) -> None:
    add_bot(site)
    result = site.run("commands", "import", "Fern", str(file), "--publish")
    assert result.output == "created: hello\n/hello is live as version 1.\n"
    assert live(site) == [("hello", 1)]
    assert Topic.COMMANDS_CHANGED in site.bus.topics()


def test_a_broken_file_lists_every_problem_and_changes_nothing(site: Site, tmp_path: Path) -> None:
    add_bot(site)
    path = tmp_path / "broken.yaml"
    path.write_text("commands:\n  - {schema: 1, name: Bad Name, description: x, steps: [], nonsense: 1}\n")
    result = site.run("commands", "import", "Fern", str(path), "--publish")
    assert result.exit_code == 1
    assert "commands[0].name" in result.stderr
    assert "commands[0].nonsense" in result.stderr
    assert "no commands yet" in site.run("commands", "list", "Fern").output


def test_a_huge_file_is_not_read_to_its_end(site: Site, tmp_path: Path) -> None:
    add_bot(site)
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"a: b\n" * 1_000_000)
    result = site.run("commands", "import", "Fern", str(path))
    assert result.exit_code == 1
    assert "was not taken in" in result.stderr


def test_import_for_an_unknown_bot_is_refused(site: Site, file: Path) -> None:
    result = site.run("commands", "import", "Nobody", str(file))
    assert result.exit_code == 1
    assert "There is no bot Nobody." in result.stderr


def test_export_gives_what_import_takes(site: Site) -> None:
    bot_id = add_bot(site)
    add_command(site, bot_id)
    text = site.run("commands", "export", "Fern").output
    assert documents.parse_yaml(text) == documents.parse_yaml(HELLO)


def test_publish_without_names_takes_all_that_differ(site: Site) -> None:
    bot_id = add_bot(site)
    add_command(site, bot_id)
    add_command(site, bot_id, source=HELLO.replace("hello", "bye"))
    first = site.run("commands", "publish", "Fern")
    assert first.output == "/bye is live as version 1.\n/hello is live as version 1.\n"
    assert "Nothing to publish" in site.run("commands", "publish", "Fern").output


def test_publish_in_one_server_only(site: Site) -> None:
    bot_id = add_bot(site)
    add_command(site, bot_id)
    join(site, bot_id, 2001, "Fern Street")
    site.run("commands", "publish", "Fern", "hello", "--guild", "2001", "--note", "try first")
    row = json.loads(site.run("commands", "list", "Fern", "--json").output)
    assert row["server"] == 2001
    assert row["state"] == "Live"


@pytest.mark.parametrize(
    ("joined", "known"),
    [([(2001, "Fern Street"), (2002, "Harbor")], "Fern Street (2001), Harbor (2002)"), ([], "no server yet")],
)
def test_publish_in_a_server_without_the_bot_names_those_it_is_in(
    site: Site, joined: list[tuple[int, str]], known: str
) -> None:
    bot_id = add_bot(site)
    add_command(site, bot_id)
    for place in joined:
        join(site, bot_id, *place)
    result = site.run("commands", "publish", "Fern", "hello", "--guild", "999")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"not in a server 999. It is in: {known}." in result.stderr
    assert live(site) == []


@pytest.mark.parametrize("guild", ["-5", "0", "99999999999999999999", "here"])
def test_publish_takes_a_servers_id_only(site: Site, guild: str) -> None:
    add_command(site, add_bot(site))
    result = site.run("commands", "publish", "Fern", "hello", "--guild", guild)
    assert result.exit_code == 2
    assert "--guild" in result.stderr
    assert live(site) == []


def test_publish_of_an_unknown_command_is_refused(site: Site) -> None:
    add_bot(site)
    result = site.run("commands", "publish", "Fern", "nothing")
    assert result.exit_code == 1
    assert "no command nothing" in result.stderr


def test_list_says_what_is_live_and_what_is_a_draft(site: Site) -> None:
    bot_id = add_bot(site)
    add_command(site, bot_id, publish=True)
    add_command(site, bot_id, source=HELLO.replace("Hello {{", "Hi {{"))
    add_command(site, bot_id, source=HELLO.replace("hello", "bye"))
    lines = site.run("commands", "list", "Fern").output.splitlines()
    assert lines[1].split()[:2] == ["bye", "Draft"]
    assert lines[2].startswith("hello  Live + draft  1")


def answer(
    site: Site, monkeypatch: pytest.MonkeyPatch, result: dict[str, Any], *, problem: str = ""
) -> list[Any]:
    """Let another process answer the next job while the command waits. Gives the jobs it saw."""
    seen: list[JobView] = []

    def work(seconds: float) -> None:
        site.clock.advance(seconds)
        with site.unit() as uow:
            job = jobs.list_recent(uow.session)[0]
            if service.claim(uow, job.id, "tests"):
                seen.append(job)
                if problem:
                    service.fail(uow, job.id, "tests", problem)
                else:
                    service.finish(uow, job.id, "tests", result)
            uow.commit()

    monkeypatch.setattr(waiting, "sleep", work)
    return seen


def test_plan_asks_the_bots_runner(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bot_id = add_bot(site)
    plan = {
        "create": [{"name": "hello", "guild_id": None}],
        "update": [
            {
                "name": "bye",
                "guild_id": "2001",
                "fields": ["description"],
                "changes": [{"label": "Description", "before": "", "after": "Leave\x1b[2J"}],
            }
        ],
        "creates_left": [{"guild_id": None, "left": 200}, {"guild_id": "2001", "left": 3}],
        "foreign": [{"name": "old", "guild_id": None, "kind": 1}],
    }
    seen = answer(site, monkeypatch, plan)
    assert site.run("commands", "plan", "Fern").output.splitlines() == [
        "+ /hello  will be created",
        "~ /bye in server 2001  will be changed: description",
        r"    Description: (nothing) -> Leave\x1b[2J",
        "· /old  made elsewhere: kept",
        "New commands left today for all servers: 200",
        "New commands left today in server 2001: 3",
    ]
    assert (seen[0].kind, seen[0].target) == (JobKind.COMMAND_PLAN, fleet_target(bot_id))
    assert Topic.JOBS_ASKED in site.bus.topics()


def test_a_plan_is_applied_once_somebody_said_yes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bot_id = add_bot(site)
    plan = {"create": [{"name": "hello", "guild_id": None}], "seen": "abc"}
    done = {"created": ["hello"], "updated": ["bye"], "deleted": ["old"], "problems": []}
    seen = answer(site, monkeypatch, plan | done)
    assert site.run("commands", "plan", "Fern", "--apply", typed="n\n").exit_code == 0
    assert [job.kind for job in seen] == [JobKind.COMMAND_PLAN]
    result = site.run("commands", "plan", "Fern", "--apply", "--yes")
    assert result.output.splitlines()[1:] == [
        "+ /hello  was created",
        "~ /bye  was changed",
        "- /old  was deleted",
    ]
    asked = seen[-1]
    assert (asked.kind, asked.target, asked.payload) == (
        JobKind.APPLY_PLAN,
        fleet_target(bot_id),
        {"seen": "abc"},
    )


def test_what_could_not_be_applied_ends_with_a_code(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_bot(site)
    plan = {"create": [{"name": "hello", "guild_id": None}], "seen": "abc", "problems": ["/hello: no"]}
    answer(site, monkeypatch, plan)
    result = site.run("commands", "plan", "Fern", "--apply", "--yes")
    assert (result.exit_code, result.output.splitlines()[-1]) == (1, "! /hello: no")


def test_a_plan_without_work_asks_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_bot(site)
    seen = answer(site, monkeypatch, {"seen": "abc"})
    assert site.run("commands", "plan", "Fern", "--apply").exit_code == 0
    assert len(seen) == 1


def test_an_empty_plan_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_bot(site)
    answer(site, monkeypatch, {"unchanged": [{"name": "hello", "guild_id": None}]})
    assert "Nothing to do" in site.run("commands", "plan", "Fern").output


def test_a_plan_that_nobody_answers_says_what_to_look_at(site: Site) -> None:
    add_bot(site)
    result = site.run("commands", "plan", "Fern")
    assert result.exit_code == 1
    assert "Is the bot online?" in result.stderr


def test_try_asks_a_worker_and_shows_steps_and_messages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bot_id = add_bot(site)
    trial = {
        "outcome": "succeeded",
        "milliseconds": 1.5,
        "error": None,
        "trace": [
            {"path": "steps[0]", "type": "reply", "milliseconds": 1, "inputs": {"text": "Hi\x1b[2J"}},
            {"path": "", "type": "budgets", "result": {}},
        ],
        "messages": [{"content": "Hi\nthere", "private": True, "embeds": []}],
    }
    seen = answer(site, monkeypatch, trial)
    result = site.run("commands", "try", "Fern", "hello", "who=a=b", "count=")
    assert result.output.splitlines() == [
        "steps[0]  reply  1 ms",
        r"    text=Hi\x1b[2J",
        "would send to this person only:",
        "    Hi",
        "    there",
        "succeeded in 1.5 ms; nothing was sent",
    ]
    assert seen[0].payload == {
        "bot_id": str(bot_id),
        "command": "hello",
        "options": {"who": "a=b", "count": ""},
    }
    assert [kind for _, kind in site.queue.sent] == [JobKind.DRY_RUN]


def test_try_shows_where_it_failed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_bot(site)
    error = {"path": "steps[1].params.text", "message": "No such variable.", "remedy": "Set it first."}
    answer(site, monkeypatch, {"outcome": "failed", "milliseconds": 1, "error": error})
    result = site.run("commands", "try", "Fern", "hello")
    assert "failed at steps[1].params.text: No such variable. Set it first." in result.output


@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.parametrize(
    ("outcome", "code"), [("succeeded", 0), ("failed", 1), ("refused", 1), ("timed_out", 1)]
)
def test_try_exits_with_1_unless_it_succeeds(
    site: Site, monkeypatch: pytest.MonkeyPatch, outcome: str, code: int, form: list[str]
) -> None:
    add_bot(site)
    answer(site, monkeypatch, {"outcome": outcome, "milliseconds": 1})
    assert site.run("commands", "try", "Fern", "hello", *form).exit_code == code


def test_try_as_json_gives_the_whole_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_bot(site)
    answer(site, monkeypatch, {"outcome": "succeeded"})
    assert json.loads(site.run("commands", "try", "Fern", "hello", "--json").output) == {
        "outcome": "succeeded"
    }


def test_a_problem_of_the_job_is_the_commands_own(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_bot(site)
    answer(site, monkeypatch, {}, problem="This bot has no command hello.")
    result = site.run("commands", "try", "Fern", "hello")
    assert result.exit_code == 1
    assert result.stderr == "Error: This bot has no command hello.\n"


def test_an_option_without_a_value_is_a_usage_error(site: Site) -> None:
    add_bot(site)
    result = site.run("commands", "try", "Fern", "hello", "who")
    assert result.exit_code == 2
    assert "NAME=VALUE" in result.stderr


def test_a_trial_that_nobody_answers_says_how_to_start_a_worker(site: Site) -> None:
    add_bot(site)
    result = site.run("commands", "try", "Fern", "hello")
    assert result.exit_code == 1
    assert "celery -A celery_worker worker" in result.stderr
