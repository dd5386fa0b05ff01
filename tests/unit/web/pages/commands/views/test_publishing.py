from tests.factories.commands import make_reply_step
from tests.unit.web.pages.commands.conftest import AUTHOR, Desk, read_form

EVERYWHERE = {"where": "everywhere", "note": "Ready"}


def _edit(desk: Desk) -> dict[str, str]:
    return {"edit": str(desk.view().edit)}


def test_publishing_makes_a_version_with_its_note(desk: Desk) -> None:
    command_id = desk.add()
    answer = desk.post(f"{command_id}/publish", EVERYWHERE | _edit(desk))
    assert answer.status_code == 303
    assert desk.view().published_version == 1
    page = desk.get(f"{command_id}/?pane=versions").text
    assert "Ready" in page
    assert "Mara" in page


def test_a_draft_with_problems_is_not_published(desk: Desk) -> None:
    command_id = desk.add(steps=[make_reply_step("")])
    answer = desk.post(f"{command_id}/publish", EVERYWHERE | _edit(desk))
    assert answer.status_code == 422
    assert "A message needs a text, an embed, or both." in answer.text
    assert desk.view().published_version is None


def test_a_draft_that_changed_since_the_review_is_read_again(desk: Desk) -> None:
    command_id = desk.add()
    seen = _edit(desk)
    desk.post(f"{command_id}/", desk.form(command_id, {"description": "Other words"}))
    answer = desk.post(f"{command_id}/publish", EVERYWHERE | seen)
    assert answer.status_code == 409
    assert "Somebody changed the draft since you looked." in answer.text
    assert desk.view().published_version is None


def test_a_server_that_the_bot_is_not_in_is_refused(desk: Desk) -> None:
    command_id = desk.add()
    for guild in ("31", "", "x", "9" * 40):
        answer = desk.post(f"{command_id}/publish", {"where": "one", "guild": guild} | _edit(desk))
        assert answer.status_code == 422
    assert desk.view().published_version is None


def test_the_review_lists_what_changed_field_by_field(desk: Desk) -> None:
    command_id = desk.add()
    desk.publish()
    desk.post(f"{command_id}/", desk.form(command_id, {"steps[0].params.text": "Good day"}))
    page = desk.get(f"{command_id}/review").text
    assert "Step 1 · Reply · Text" in page
    assert "<del>Hello</del>" in page
    assert "<ins>Good day</ins>" in page


def test_undo_makes_an_old_version_live_and_keeps_the_draft(desk: Desk) -> None:
    command_id = desk.add()
    desk.publish()
    desk.post(f"{command_id}/", desk.form(command_id, {"description": "Second"}))
    desk.publish()
    assert desk.post(f"{command_id}/undo", {"version": "1"}).status_code == 303
    assert desk.view().published_version == 1
    assert desk.document()["description"] == "Second"
    desk.post(f"{command_id}/undo", {"version": "7"})
    assert desk.view().published_version == 1


def test_the_switch_takes_a_command_off_and_on(desk: Desk) -> None:
    command_id = desk.add()
    desk.publish()
    desk.post(f"{command_id}/active", {"active": "0"})
    assert not desk.view().is_active
    assert "Off v1" in desk.get(f"{command_id}/").text
    desk.post(f"{command_id}/active", {"active": "1"})
    assert desk.view().is_active


def test_who_may_not_publish_is_told_whom_to_ask(desk: Desk) -> None:
    command_id = desk.add()
    desk.publish()
    desk.become(AUTHOR)
    assert "You may edit, not publish." in desk.get(f"{command_id}/review").text
    for path, form in (
        ("publish", EVERYWHERE | _edit(desk)),
        ("undo", {"version": "1"}),
        ("active", {"active": "0"}),
        ("delete", {"confirm": "hello"}),
    ):
        assert desk.post(f"{command_id}/{path}", form).status_code == 403
    assert desk.view().is_active


def test_deleting_asks_for_the_name(desk: Desk) -> None:
    command_id = desk.add()
    desk.post(f"{command_id}/delete", {"confirm": "goodbye"})
    assert desk.get(f"{command_id}/").status_code == 200
    assert desk.post(f"{command_id}/delete", {"confirm": "/hello"}).status_code == 303
    assert desk.get(f"{command_id}/").status_code == 404


def test_a_version_that_never_was_is_not_found(desk: Desk) -> None:
    command_id = desk.add()
    desk.publish()
    assert desk.get(f"{command_id}/versions/1").status_code == 200
    assert desk.get(f"{command_id}/versions/2").status_code == 404


def test_the_editor_has_every_field_once(desk: Desk) -> None:
    names = [name for name, _ in read_form(desk.get(f"{desk.add()}/").text) if name != "contexts"]
    assert len(names) == len(set(names))


def test_a_number_that_no_version_has_is_not_there(desk: Desk) -> None:
    command_id = desk.add()
    for number in ("0", "7", str(1 << 63), "9" * 30):
        assert desk.get(f"{command_id}/versions/{number}").status_code == 404
        assert desk.post(f"{command_id}/undo", {"version": number}).status_code in {303, 400}
