import re
from uuid import UUID

from socialcube.domain.jobs import queries, service
from tests.factories.commands import make_raw_option
from tests.unit.web.pages.commands.conftest import AUTHOR, Desk

RESULT = {
    "outcome": "succeeded",
    "milliseconds": 12.5,
    "error": None,
    "messages": [{"content": "<b>Hi</b> **you**", "embeds": [], "private": True}],
    "trace": [
        {"path": "steps[0]", "type": "reply", "milliseconds": 3, "inputs": {"text": "Hi"}, "warnings": []},
        {"path": "", "type": "budgets", "result": {}},
    ],
}


def _ask(desk: Desk, command_id: UUID) -> UUID:
    answer = desk.post(f"{command_id}/try", {"option.who": "1", "person": "Ann", "server": "Garden"})
    found = re.search(r"trial=([0-9a-f-]{36})", answer.location)
    assert found
    return UUID(found[1])


def test_a_trial_is_asked_of_the_worker_with_what_was_typed(desk: Desk) -> None:
    command_id = desk.add(options=[make_raw_option(name="who", type="user")])
    job_id = _ask(desk, command_id)
    with desk.site.services.shared.reads() as session:
        payload = queries.get_job(session, job_id).payload
    assert payload["options"] == {"who": {"id": "1", "name": "Sam"}}
    assert (payload["person"], payload["server"]) == ("Ann", "Garden")
    assert "Waiting for a worker" in desk.get(f"{command_id}/?pane=try&trial={job_id}").text


def test_the_answer_shows_messages_as_text_and_every_step(desk: Desk) -> None:
    command_id = desk.add(options=[make_raw_option(name="who", type="user")])
    job_id = _ask(desk, command_id)
    with desk.site.unit() as uow:
        service.claim(uow, job_id, "tests")
        service.finish(uow, job_id, "tests", RESULT)
        uow.commit()
    page = desk.get(f"{command_id}/tries/{job_id}").text
    assert "&lt;b&gt;Hi&lt;/b&gt; **you**" in page
    assert "It worked" in page
    assert "12.5 ms of 3 s" in page
    assert 'data-over="yes"' in page


def test_somebody_elses_trial_is_not_shown(desk: Desk) -> None:
    command_id = desk.add(options=[make_raw_option(name="who", type="user")])
    job_id = _ask(desk, command_id)
    desk.become(AUTHOR)
    assert desk.get(f"{command_id}/tries/{job_id}").status_code == 404
    assert "Waiting for a worker" not in desk.get(f"{command_id}/?trial={job_id}").text


def test_what_was_typed_is_kept_by_the_trial_and_not_by_the_address(desk: Desk) -> None:
    command_id = desk.add(
        options=[make_raw_option(name="who", type="string"), make_raw_option(name="whom", type="user")]
    )
    typed = {"option.who": "ä" * 9000, "option.whom": "1", "person": "Ann", "server": "Garden"}
    answer = desk.post(f"{command_id}/try", typed)
    assert len(answer.location) < 200
    page = desk.client.get(answer.location).text
    assert f'value="{"ä" * 6000}"' in page
    assert re.search(r'<option value="1"\s+selected', page)
    assert 'value="Garden"' in page
