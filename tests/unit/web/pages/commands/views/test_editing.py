from typing import Any

import pytest

from socialcube.domain.access.types import Permission
from socialcube.kernel.ids import new_id
from tests.factories.commands import make_raw_option, make_reply_step
from tests.unit.web.pages.commands.conftest import AUTHOR, Desk, read_form

TEXT = "steps[0].params.text"
HOSTILE = '"><script>alert(1)</script>{{ 7 | times: 6 }}'


def test_saving_stores_what_was_typed_and_lands_on_the_page(desk: Desk) -> None:
    command_id = desk.add()
    answer = desk.post(f"{command_id}/", desk.form(command_id, {TEXT: "Good day", "description": "Greets"}))
    assert answer.status_code == 303
    assert desk.document()["steps"][0]["params"] == {"text": "Good day"}
    assert desk.document()["description"] == "Greets"


def test_a_draft_with_wrong_steps_is_stored_and_says_what_is_wrong(desk: Desk) -> None:
    command_id = desk.add()
    assert desk.post(f"{command_id}/", desk.form(command_id, {TEXT: ""})).status_code == 303
    page = desk.get(f"{command_id}/").text
    assert "A message needs a text, an embed, or both." in page
    assert desk.document()["steps"][0].get("params", {}) == {}


def test_a_template_problem_stands_at_its_field(desk: Desk) -> None:
    command_id = desk.add(steps=[make_reply_step("{{ usr.name }}")])
    page = desk.get(f"{command_id}/").text
    slot = page.partition(f'id="err-{TEXT}"')[2].partition("</p>")[0]
    assert "usr" in slot


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Not A Name"}, "A name is written in small letters"),
        ({"description": ""}, "This needs a text of 1 to 100 characters"),
        ({"contexts": ""}, "This must be one of"),
        ({TEXT: "x" * 70_000}, "The document is larger than 64 KB"),
        ({TEXT: "\x00"}, "cannot be stored"),
        ({"default_member_permissions": "other", "other_permissions": "many"}, "permission bits"),
    ],
)
def test_what_no_draft_may_hold_comes_back_as_it_was_typed(
    desk: Desk, changes: dict[str, str], sentence: str
) -> None:
    command_id = desk.add()
    before = desk.document()
    answer = desk.post(f"{command_id}/", desk.form(command_id, {"steps[0].id": "mine"} | changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="mine"' in answer.text
    assert "Not saved" in answer.text
    assert desk.document() == before


def test_a_name_that_is_taken_is_said_at_the_name(desk: Desk) -> None:
    desk.add(name="other")
    command_id = desk.add()
    answer = desk.post(f"{command_id}/", desk.form(command_id, {"name": "other"}))
    assert answer.status_code == 422
    assert "This bot already has a command other." in answer.text


def test_hostile_text_is_text_everywhere(desk: Desk) -> None:
    steps = [
        make_reply_step(HOSTILE, embed={"title": HOSTILE, "fields": [{"name": HOSTILE, "value": HOSTILE}]})
    ]
    command_id = desk.add(description=HOSTILE, steps=steps, options=[make_raw_option(description=HOSTILE)])
    desk.publish()
    for page in (f"{command_id}/", f"{command_id}/review", f"{command_id}/versions/1"):
        assert "<script>alert" not in desk.get(page).text
    assert dict(read_form(desk.get(f"{command_id}/").text))[TEXT] == HOSTILE


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ("add-step steps 1 reply", ["one", "reply", "two", "three"]),
        ("add-step steps 99 if", ["one", "two", "three", "if"]),
        ("up steps[1]", ["two", "one", "three"]),
        ("up steps[0]", ["one", "two", "three"]),
        ("down steps[0]", ["two", "one", "three"]),
        ("remove steps[1]", ["one", "three"]),
    ],
)
def test_buttons_change_the_order_of_steps(desk: Desk, button: str, expected: list[str]) -> None:
    steps = [make_reply_step("Hi") | {"id": name} for name in ("one", "two", "three")]
    command_id = desk.add(steps=steps)
    answer = desk.post(f"{command_id}/", desk.form(command_id, {"do": button}))
    assert answer.status_code == 303
    assert [step["id"] for step in desk.document()["steps"]] == expected


def test_steps_are_added_inside_a_branch_with_a_name_of_their_own(desk: Desk) -> None:
    row = {"left": "1", "operator": "equals", "right": "1"}
    branch = {"id": "choose", "type": "if", "params": {"conditions": [row]}}
    command_id = desk.add(steps=[branch, make_reply_step() | {"id": "reply"}])
    answer = desk.post(f"{command_id}/", desk.form(command_id, {"do": "add-step steps[0].else 0 reply"}))
    assert "open=steps%5B0%5D.else%5B0%5D" in answer.location
    assert desk.document()["steps"][0]["else"] == [{"id": "reply_2", "type": "reply"}]


def test_options_and_choices_are_added_as_the_rules_want_them(desk: Desk) -> None:
    command_id = desk.add()
    for button in ("add-item options", "add-item options", "add-item options[0].choices"):
        assert desk.post(f"{command_id}/", desk.form(command_id, {"do": button})).status_code == 303
    options: list[dict[str, Any]] = desk.document()["options"]
    assert [option["name"] for option in options] == ["option", "option_2"]
    assert options[0]["choices"] == [{"name": "choice", "value": "choice"}]


@pytest.mark.parametrize(
    "button",
    [
        "dance",
        "remove steps[7]",
        "remove steps",
        "up name[0]",
        "add-step steps x reply",
        "add-step steps 0 fly",
    ],
)
def test_words_that_no_button_says_are_refused(desk: Desk, button: str) -> None:
    command_id = desk.add()
    before = desk.document()
    assert desk.post(f"{command_id}/", desk.form(command_id, {"do": button})).status_code == 400
    assert desk.document() == before


@pytest.mark.parametrize(
    "forged",
    [
        {"steps[0].params.text[": "x"},
        {"steps[0].params": "x"},
        {"steps[5000].id": "x"},
        {"steps[1].type": "fly"},
        {"edit": "soon"},
        {"edit": "9" * 30},
    ],
)
def test_forged_forms_are_refused(desk: Desk, forged: dict[str, str]) -> None:
    command_id = desk.add()
    assert desk.post(f"{command_id}/", desk.form(command_id, forged)).status_code == 400


def test_two_editors_see_both_values_and_choose(desk: Desk) -> None:
    command_id = desk.add()
    mine = desk.form(command_id, {TEXT: "Mine", "description": "My words"})
    desk.post(f"{command_id}/", desk.form(command_id, {TEXT: "Theirs", "description": "Their words"}))
    answer = desk.post(f"{command_id}/", mine)
    assert answer.status_code == 409
    for words in ("Mine", "My words", "Theirs", "Their words"):
        assert words in answer.text
    assert desk.document()["description"] == "Their words"
    choice = dict(read_form(answer.text, "clash")) | {"pick:description": "theirs"}
    assert desk.post(f"{command_id}/merge", choice).status_code == 303
    assert desk.document()["description"] == "Their words"
    assert desk.document()["steps"][0]["params"] == {"text": "Mine"}


def test_a_clash_that_changed_again_is_shown_again(desk: Desk) -> None:
    command_id = desk.add()
    mine = desk.form(command_id, {TEXT: "Mine"})
    for text in ("Theirs", "Later"):
        desk.post(f"{command_id}/", desk.form(command_id, {TEXT: text}))
    choice = dict(read_form(desk.post(f"{command_id}/", mine).text, "clash"))
    desk.post(f"{command_id}/", desk.form(command_id, {TEXT: "Latest"}))
    answer = desk.post(f"{command_id}/merge", choice)
    assert answer.status_code == 409
    assert "Latest" in answer.text


@pytest.mark.parametrize(
    "mine", ["", "[]", "{", "[" * 100_000, '{"options": 5}', '{"options": ["x"]}', '{"steps": 7}']
)
def test_a_merge_without_a_document_is_refused(desk: Desk, mine: str) -> None:
    command_id = desk.add()
    assert desk.post(f"{command_id}/merge", {"mine": mine, "edit": "1"}).status_code == 400


def test_who_may_only_look_sees_disabled_fields_and_saves_nothing(desk: Desk) -> None:
    command_id = desk.add()
    form = desk.form(command_id, {TEXT: "Changed"})
    desk.become({Permission.BOT_VIEW, Permission.COMMAND_VIEW})
    page = desk.get(f"{command_id}/").text
    assert '<fieldset class="plain" disabled>' in page
    assert "You may look, not edit" in page
    assert desk.post(f"{command_id}/", form).status_code == 403
    assert desk.document()["steps"][0]["params"] == {"text": "Hello"}


def test_foreign_and_absent_commands_answer_alike(desk: Desk) -> None:
    command_id = desk.add()
    desk.become(AUTHOR, on=desk.add_bot("Tavern", 78))
    for page in ("", "review", "export", "versions/1"):
        foreign, absent = (desk.get(f"{key}/{page}") for key in (command_id, new_id()))
        assert foreign.status_code == absent.status_code == 404
    desk.become({Permission.BOT_VIEW}, name="Priya")
    assert desk.get(f"{command_id}/").status_code in {403, 404}


def test_a_form_without_its_token_changes_nothing(desk: Desk) -> None:
    command_id = desk.add()
    form = desk.form(command_id, {TEXT: "Changed"}) | {"csrf_token": "forged"}
    answer = desk.client.post(f"/admin/commands/{command_id}/", data=form, headers={"X-CSRFToken": "forged"})
    assert answer.status_code in {400, 403}
    assert desk.document()["steps"][0]["params"] == {"text": "Hello"}


@pytest.mark.parametrize("position", ["9" * 5000, "-1", "x"])
def test_a_position_that_no_list_has_is_refused(desk: Desk, position: str) -> None:
    command_id = desk.add()
    form = desk.form(command_id, {"do": f"add-step steps {position} reply"})
    assert desk.post(f"{command_id}/", form).status_code == 400
