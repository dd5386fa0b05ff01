"""Forms write through services: nothing typed is lost, nothing more is taken than what is asked."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from socialcube.domain.accounts.models import Grant, Role, User
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import MAX_AT_ONCE, BulkOutcome
from socialcube.domain.commands import queries as commands
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.models import Job
from socialcube.domain.jobs.types import JobKind
from socialcube.web.app import MAX_BODY_BYTES
from tests.factories.bots import make_bot
from tests.unit.web.admin.conftest import HOSTILE, House, system


def bot_form(**changes: Any) -> dict[str, Any]:
    return {"name": "Own bot", "description": "", "tags": "", "version": "1"} | changes


def edit_path(house: House) -> str:
    return f"/admin/bots/edit/?id={house.own.bot_id}"


def stored(house: House) -> Bot:
    with house.site.unit() as uow:
        return uow.session.get_one(Bot, house.own.bot_id)


def test_a_saved_form_leads_to_the_page_of_the_row(house: House) -> None:
    answer = house.keeper.post(edit_path(house), data=bot_form(name="Renamed", tags="b, a"))
    assert answer.status_code == 303
    assert answer.location == f"/admin/bots/{house.own.bot_id}/"
    bot = stored(house)
    assert (bot.name, [tag.tag for tag in bot.tags]) == ("Renamed", ["a", "b"])


def test_fields_that_the_form_does_not_have_change_nothing(house: House) -> None:
    more = {"id": "1", "sealed_token": "x", "desired_state": "running", "is_admin": "1", "bot_id": "1"}
    assert house.keeper.post(edit_path(house), data=bot_form(**more)).status_code == 303
    bot = stored(house)
    assert (bot.id, bot.sealed_token, bot.desired_state) == (house.own.bot_id, "sealed", "stopped")


def test_a_refused_form_keeps_what_was_typed_and_names_the_field(house: House) -> None:
    answer = house.keeper.post(edit_path(house), data=bot_form(name=HOSTILE, tags="a" * 80))
    assert answer.status_code == 422
    assert 'href="#tags"' in answer.text
    assert 'aria-describedby="tags-help tags-err"' in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert stored(house).name == "Own bot"


def test_a_form_without_its_token_is_refused(house: House) -> None:
    answer = house.keeper.post(edit_path(house), data=bot_form(name="x"), headers={"X-CSRFToken": ""})
    assert answer.status_code == 400
    assert stored(house).name == "Own bot"


def test_a_conflict_shows_both_values_and_saving_again_keeps_the_chosen_one(house: House) -> None:
    with house.site.unit() as uow:
        bots.edit_bot(
            uow,
            system(),
            house.own.bot_id,
            version=1,
            name="Theirs",
            description="All about Own bot",
            tags=[],
        )
        uow.commit()
    mine = bot_form(name="Mine", description="All about Own bot")
    answer = house.keeper.post(edit_path(house), data=mine)
    assert answer.status_code == 409
    assert 'type="radio" name="name" value="Mine"' in " ".join(answer.text.split())
    assert 'type="radio" name="name" value="Theirs"' in " ".join(answer.text.split())
    assert answer.text.count("Saved meanwhile") == 1
    assert stored(house).name == "Theirs"
    assert house.keeper.post(edit_path(house), data=mine | {"version": "2"}).status_code == 303
    assert stored(house).name == "Mine"


def test_a_version_that_was_tampered_with_conflicts(house: House) -> None:
    for version in ("", "x", "-1", "9" * 40, "1; DROP TABLE bots"):
        answer = house.keeper.post(edit_path(house), data=bot_form(name="x", version=version))
        assert answer.status_code == 409, version
    assert stored(house).name == "Own bot"


def test_a_body_that_is_too_large_is_refused(house: House) -> None:
    data = bot_form(description="x" * (MAX_BODY_BYTES + 1))
    assert house.keeper.post(edit_path(house), data=data).status_code == 413


def test_deleting_asks_for_the_name(house: House) -> None:
    path, key = "/admin/commands/delete/", str(house.own.command_id)
    page = house.keeper.get(path, query_string={"id": key})
    assert "Type /hello0 to go on" in page.text
    refused = house.keeper.post(path, data={"id": key, "typed": "/hello"})
    assert refused.status_code == 422
    assert "That is not its name" in refused.text
    assert house.keeper.post(path, data={"id": key, "typed": " /hello0 "}).status_code == 303
    with house.site.unit() as uow:
        assert commands.find_command(uow.session, house.own.command_id) is None


def test_a_get_of_the_delete_page_deletes_nothing(house: House) -> None:
    house.keeper.get(f"/admin/commands/delete/?id={house.own.command_id}&typed=/hello0")
    with house.site.unit() as uow:
        assert commands.find_command(uow.session, house.own.command_id) is not None


def command_form(**changes: Any) -> dict[str, Any]:
    option = {"options-0-name": "who", "options-0-type": "user", "options-0-description": "Whom"}
    return {"name": "hello0", "description": "Say hello", "version": "1"} | option | changes


def test_options_are_added_moved_and_removed_without_script(house: House) -> None:
    path = f"/admin/commands/edit/?id={house.own.command_id}"
    second = {"options-1-name": "why", "options-1-type": "string", "options-1-description": "Reason"}
    added = house.keeper.post(path, data=command_form(_step="add options"))
    assert added.status_code == 200
    assert added.text.count("data-entry-name") == 2
    moved = house.keeper.post(path, data=command_form(**second, _step="up options 1"))
    assert moved.text.index('value="why"') < moved.text.index('value="who"')
    removed = house.keeper.post(path, data=command_form(**second, _step="remove options 0"))
    assert 'value="who"' not in removed.text
    for step in (
        "up options 99",
        "up options",
        "x y z",
        "add version",
        "remove options -1",
        f"up options {'9' * 5000}",
    ):
        assert house.keeper.post(path, data=command_form(_step=step)).status_code == 200


def test_the_plain_form_of_a_command_keeps_its_steps(house: House) -> None:
    path = f"/admin/commands/edit/?id={house.own.command_id}"
    with house.site.unit() as uow:
        before = commands.get_draft(uow.session, house.own.bot_id, "hello0").document
    assert house.keeper.post(path, data=command_form()).status_code == 303
    with house.site.unit() as uow:
        after = commands.get_draft(uow.session, house.own.bot_id, "hello0").document
    assert after["steps"] == before["steps"]
    assert [option["name"] for option in after["options"]] == ["who"]


def test_a_problem_of_an_option_is_told_at_its_field(house: House) -> None:
    path = f"/admin/commands/edit/?id={house.own.command_id}"
    answer = house.keeper.post(path, data=command_form(**{"options-0-name": "Big Name"}))
    assert answer.status_code == 422
    assert 'id="options-0-name-err"' in answer.text


def test_a_person_is_invited_and_given_a_role(house: House) -> None:
    answer = house.owner.post(
        "/admin/people/new/", data={"external_id": "123456789012345678", "name": HOSTILE}
    )
    assert answer.status_code == 303
    page = house.owner.get(answer.location).text
    assert "<script>alert" not in page
    person_id = answer.location.rpartition("=")[2]
    form = house.owner.get(f"/admin/people/grants/new/?person={person_id}")
    role = form.text.partition(">Viewer</option>")[0].rpartition('value="')[2].rstrip('" ')
    data = {"user_id": person_id, "role_id": role, "place": f"bot:{house.own.bot_id}"}
    assert house.owner.post("/admin/people/grants/new/", data=data).status_code == 303
    with house.site.unit() as uow:
        assert uow.session.scalar(select(func.count()).where(Grant.bot_id == house.own.bot_id)) == 2


def test_a_role_is_made_changed_and_deleted(house: House) -> None:
    data = {"name": "Night shift", "permissions": ["bot.view", "bot.control"]}
    assert house.owner.post("/admin/roles/new/", data=data).status_code == 303
    with house.site.unit() as uow:
        role = uow.session.scalars(select(Role).where(Role.name == "Night shift")).one()
    path = f"/admin/roles/edit/?id={role.id}"
    assert house.owner.post(path, data=data | {"name": "Day shift", "version": "1"}).status_code == 303
    assert house.owner.post(path, data=data | {"name": "Other", "version": "1"}).status_code == 409
    assert (
        house.owner.post("/admin/roles/new/", data=data | {"permissions": ["site.admin"]}).status_code == 422
    )
    gone = house.owner.post("/admin/roles/delete/", data={"id": str(role.id), "typed": "Day shift"})
    assert gone.status_code == 303


def test_a_dangerous_bulk_action_asks_before_it_is_done(house: House) -> None:
    with house.site.unit() as uow:
        kim = uow.session.scalars(select(User).where(User.name == "kim")).one()
    data = {"action": "sign_out", "rowid": [str(kim.id)]}
    asked = house.owner.post("/admin/people/action/", data=data)
    assert "Kim" in asked.text
    assert house.keeper.get("/admin/bots/").status_code == 200
    assert house.owner.post("/admin/people/action/", data=data | {"confirmed": "1"}).status_code == 303
    assert house.keeper.get("/admin/bots/").status_code == 302


def test_an_action_that_is_none_is_refused(house: House) -> None:
    for data in ({}, {"action": "start"}, {"action": "drop", "rowid": ["1"]}):
        assert house.owner.post("/admin/bots/action/", data=data).status_code == 400, data


def test_bots_are_started_from_the_list(house: House) -> None:
    data = {"action": "start", "rowid": [str(house.own.bot_id)]}
    assert house.keeper.post("/admin/bots/action/", data=data).status_code == 303
    assert stored(house).desired_state == "running"
    assert "1 told to start, staggered, about 3 s." in house.keeper.get("/admin/bots/").text
    house.keeper.post("/admin/bots/action/", data=data | {"action": "stop"})
    assert "1 told to stop." in house.keeper.get("/admin/bots/").text


def ask_many(house: House, action: str) -> Job:
    with house.site.unit() as uow:
        keys = [str(make_bot(uow.session, name=f"More {number}").id) for number in range(MAX_AT_ONCE + 1)]
        uow.commit()
    answer = house.owner.post("/admin/bots/action/", data={"action": action, "rowid": keys})
    assert answer.status_code == 303
    with house.site.unit() as uow:
        [job] = uow.session.scalars(select(Job).where(Job.kind == JobKind.CHANGE_BOTS))
    bot_ids: Any = job.payload["bot_ids"]
    assert (job.payload["action"], set(bot_ids)) == (action, set(keys))
    return job


def test_many_bots_are_left_to_a_worker_whose_progress_is_shown(house: House) -> None:
    job = ask_many(house, "restart")
    with house.site.unit() as uow:
        jobs.claim(uow, job.id, "worker:tests")
        jobs.report_progress(uow, job.id, "worker:tests", 44)
        uow.commit()
    shown = house.owner.get("/admin/bots/").text
    assert "6 told to restart, staggered, about 4 s." in shown
    assert f'data-job="{job.id}"' in shown
    assert 'value="44"' in shown
    assert "told to restart" not in house.keeper.get("/admin/bots/").text


def test_the_end_of_a_change_of_many_says_who_was_refused_and_why(house: House) -> None:
    job = ask_many(house, "start")
    bot_ids: Any = job.payload["bot_ids"]
    outcome = BulkOutcome(tuple(map(UUID, bot_ids[4:])), dict.fromkeys(map(UUID, bot_ids[:4]), "Not yours."))
    with house.site.unit() as uow:
        jobs.claim(uow, job.id, "worker:tests")
        jobs.finish(uow, job.id, "worker:tests", outcome.to_json())
        uow.commit()
    shown = house.owner.get("/admin/bots/").text
    assert "2 told to start, 4 refused. More " in shown
    assert shown.count(": Not yours.") == 3
    assert "And 1 more." in shown
    assert "data-job" not in shown


def test_a_change_of_many_that_failed_says_why(house: House) -> None:
    job = ask_many(house, "stop")
    assert "6 told to stop." in house.owner.get("/admin/bots/").text
    with house.site.unit() as uow:
        jobs.claim(uow, job.id, "worker:tests")
        jobs.fail(uow, job.id, "worker:tests", "The worker went away.")
        uow.commit()
    assert "The worker went away." in house.owner.get("/admin/bots/").text
