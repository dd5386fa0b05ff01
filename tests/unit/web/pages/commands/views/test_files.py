from io import BytesIO

from tests.unit.web.pages.commands.conftest import AUTHOR, Desk

YAML = """
schema: 1
name: bye
description: Says goodbye
steps: [{id: a, type: reply, params: {text: Bye}}]
"""


def test_an_export_comes_in_again(desk: Desk) -> None:
    command_id = desk.add()
    exported = desk.get(f"{command_id}/export")
    assert 'filename="hello.yaml"' in exported.headers["Content-Disposition"]
    other = desk.add_bot("Tavern", 78)
    desk.become(AUTHOR, on=other)
    answer = desk.post("import", {"bot": str(other), "text": exported.text})
    assert answer.status_code == 303
    assert desk.client.get(answer.location).status_code == 200


def test_a_file_lands_as_a_draft(desk: Desk) -> None:
    answer = desk.post("import", {"bot": str(desk.bot_id), "file": (BytesIO(YAML.encode()), "bye.yaml")})
    assert answer.status_code == 303
    assert desk.view("bye").published_version is None


def test_problems_of_a_file_have_their_places_and_the_text_stays(desk: Desk) -> None:
    answer = desk.post("import", {"bot": str(desk.bot_id), "text": YAML.replace("name: bye", "name: BYE")})
    assert answer.status_code == 422
    assert "A name is written in small letters" in answer.text
    assert "Says goodbye" in answer.text


def test_nothing_and_too_much_are_refused(desk: Desk) -> None:
    for text, sentence in (("", "Choose a file"), ("#" * 263_000, "larger than 256 KB")):
        answer = desk.post("import", {"bot": str(desk.bot_id), "text": text})
        assert answer.status_code == 422
        assert sentence in answer.text


def test_a_foreign_bot_takes_nothing_in(desk: Desk) -> None:
    desk.become(AUTHOR, on=desk.add_bot("Tavern", 78))
    for bot in (str(desk.bot_id), "no-bot"):
        assert desk.post("import", {"bot": bot, "text": YAML}).status_code == 404
        assert desk.post("new", {"bot": bot, "name": "x", "description": "x"}).status_code == 404


def test_a_new_command_opens_in_the_editor(desk: Desk) -> None:
    form = {"bot": str(desk.bot_id), "name": "/fresh", "description": "A fresh one"}
    answer = desk.post("new", form)
    assert answer.status_code == 303
    assert "/fresh" in desk.client.get(answer.location).text
    again = desk.post("new", form)
    assert again.status_code == 422
    assert "This bot already has a command fresh." in again.text
    assert "A name is written in small letters" in desk.post("new", form | {"name": "No"}).text


def test_without_a_bot_the_text_stays(desk: Desk) -> None:
    answer = desk.post("import", {"text": YAML})
    assert answer.status_code == 422
    assert "Choose the bot that gets the commands." in answer.text
    assert "Says goodbye" in answer.text
