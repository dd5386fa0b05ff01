import io
import json
from typing import Any

import aiohttp
import pytest

from socialcube.sandbox.control.client import ControlClient
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api

PATH = "/channels/3002/messages"


async def test_posted_message_can_be_read_edited_and_deleted(api: Api) -> None:
    posted = await api("POST", PATH, {"content": "  Hello <@1002>, <@&4002> and @everyone  "})
    one = f"{PATH}/{posted.value['id']}"
    edited = await api("PATCH", one, {"content": "Bye"})
    listed = await api("GET", PATH)
    deleted = await api("DELETE", one)
    gone = await api("GET", one)

    assert posted.value["content"] == "Hello <@1002>, <@&4002> and @everyone"
    assert [user["id"] for user in posted.value["mentions"]] == ["1002"]
    assert posted.value["mention_roles"] == ["4002"]
    assert posted.value["mention_everyone"] is False
    assert (edited.value["content"], edited.value["mentions"]) == ("Bye", [])
    assert edited.value["edited_timestamp"] is not None
    assert [item["id"] for item in listed.value] == [posted.value["id"]]
    assert deleted.status == 204
    assert (gone.status, gone.number) == (404, 10008)


async def test_mentions_can_be_switched_off(api: Api) -> None:
    posted = await api("POST", PATH, {"content": "<@1002>", "allowed_mentions": {"parse": []}})

    assert posted.value["mentions"] == []


async def test_pages_go_back_and_forth(api: Api) -> None:
    ids = [(await api("POST", PATH, {"content": str(number)})).value["id"] for number in range(4)]

    before = await api("GET", f"{PATH}?before={ids[3]}&limit=2")
    after = await api("GET", f"{PATH}?after={ids[0]}&limit=2")

    assert [item["id"] for item in before.value] == [ids[2], ids[1]]
    assert [item["id"] for item in after.value] == [ids[2], ids[1]]


async def test_enforced_nonce_posts_once(api: Api) -> None:
    body = {"content": "once", "nonce": "n-1", "enforce_nonce": True}

    first, second = await api("POST", PATH, body), await api("POST", PATH, body)
    listed = await api("GET", PATH)

    assert first.value["id"] == second.value["id"]
    assert first.value["nonce"] == "n-1"
    assert len(listed.value) == 1


async def test_nonce_that_is_not_enforced_posts_twice(api: Api) -> None:
    body = {"content": "twice", "nonce": 7}

    first, second = await api("POST", PATH, body), await api("POST", PATH, body)

    assert first.value["id"] != second.value["id"]


async def test_embed_and_button_are_given_back(api: Api) -> None:
    embed = {
        "title": "Plants",
        "description": "Water them",
        "url": "https://example.org",
        "color": 0x2F9E6E,
        "timestamp": "2026-01-02T03:04:05+00:00",
        "footer": {"text": "today"},
        "image": {"url": "https://example.org/a.png"},
        "author": {"name": "Mara"},
        "fields": [{"name": "Fern", "value": "dry", "inline": True}],
    }
    row = {
        "type": 1,
        "components": [
            {"type": 2, "style": 1, "label": "Done", "custom_id": "done"},
            {"type": 2, "style": 5, "label": "More", "url": "https://example.org"},
        ],
    }
    select = {
        "type": 1,
        "components": [{"type": 3, "custom_id": "pick", "options": [{"label": "A", "value": "a"}]}],
    }

    posted = await api("POST", PATH, {"embeds": [embed], "components": [row, select]})

    assert posted.status == 200, posted.value
    assert posted.value["embeds"][0]["title"] == "Plants"
    assert posted.value["components"][0]["components"][0]["custom_id"] == "done"


async def test_layout_components_need_their_flag(api: Api) -> None:
    components = [{"type": 17, "components": [{"type": 10, "content": "# Hi"}, {"type": 14}]}]

    refused = await api("POST", PATH, {"components": components})
    posted = await api("POST", PATH, {"components": components, "flags": 1 << 15})

    assert (refused.status, refused.number) == (400, 50035)
    assert posted.value["components"][0]["components"][0]["content"] == "# Hi"


async def test_reply_names_its_message(api: Api) -> None:
    first = await api("POST", PATH, {"content": "question"})

    reply = await api(
        "POST", PATH, {"content": "answer", "message_reference": {"message_id": first.value["id"]}}
    )
    lost = await api("POST", PATH, {"content": "answer", "message_reference": {"message_id": "1"}})

    assert reply.value["type"] == 19
    assert reply.value["message_reference"]["message_id"] == first.value["id"]
    assert lost.number == 50035


async def test_file_comes_with_payload_json_and_can_be_fetched(
    api: Api, sandbox: RunningSandbox, session: aiohttp.ClientSession
) -> None:
    form = aiohttp.FormData()
    described = {"content": "see", "attachments": [{"id": 0, "filename": "a.html", "description": "a page"}]}
    form.add_field("payload_json", json.dumps(described), content_type="application/json")
    form.add_field("files[0]", b"<script>", filename="a.html", content_type="text/html")

    posted = await api("POST", PATH, data=form)
    attachment = posted.value["attachments"][0]
    async with session.get(attachment["url"]) as fetched:
        assert await fetched.read() == b"<script>"
        assert fetched.headers["Content-Disposition"] == "attachment"
        assert fetched.headers["Content-Type"] == "application/octet-stream"

    assert (attachment["filename"], attachment["size"], attachment["description"]) == ("a.html", 8, "a page")
    async with session.get(f"{sandbox.origin}/attachments/3002/1") as lost:
        assert lost.status == 404


async def test_channel_without_write_permission_is_missing_permissions(
    nobody: Api, control: ControlClient
) -> None:
    token = control.bots()["Rollcall"].token

    answer = await nobody(
        "POST", "/channels/3011/messages", {"content": "x"}, headers={"Authorization": f"Bot {token}"}
    )

    assert (answer.status, answer.number) == (403, 50013)


async def test_only_own_messages_can_be_edited(api: Api, control: ControlClient) -> None:
    theirs = control.say("mine", user_id=1001, channel_id=3002)

    answer = await api("PATCH", f"{PATH}/{theirs['id']}", {"content": "yours"})
    deleted = await api("DELETE", f"{PATH}/{theirs['id']}")

    assert (answer.status, answer.number) == (403, 50005)
    assert deleted.status == 204  # the bots may manage messages


async def test_typing_is_taken_note_of(api: Api) -> None:
    answer = await api("POST", "/channels/3002/typing")

    assert answer.status == 204


LONG = "x" * 2001


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ({"content": LONG}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"content": ["no"]}, "content", "STRING_TYPE_CONVERT"),
        ([], "", "DICT_TYPE_CONVERT"),
        ("text", "", "DICT_TYPE_CONVERT"),
        ({"embeds": {}}, "embeds", "LIST_TYPE_CONVERT"),
        ({"embeds": [{}]}, "embeds.0.description", "BASE_TYPE_REQUIRED"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x", "color": 1 << 24}]}, "embeds.0.color", "NUMBER_TYPE_MAX"),
        ({"embeds": [{"title": "x", "color": "red"}]}, "embeds.0.color", "NUMBER_TYPE_COERCE"),
        ({"embeds": [{"title": "x", "url": "ftp://x"}]}, "embeds.0.url", "URL_TYPE_INVALID_SCHEME"),
        ({"embeds": [{"title": "x", "url": "x"}]}, "embeds.0.url", "URL_TYPE_INVALID_URL"),
        (
            {"embeds": [{"title": "x", "timestamp": "soon"}]},
            "embeds.0.timestamp",
            "DATE_TIME_TYPE_PARSE",
        ),
        ({"embeds": [{"description": "x" * 4000}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
        (
            {"embeds": [{"fields": [{"name": "a"}]}]},
            "embeds.0.fields.0.value",
            "BASE_TYPE_REQUIRED",
        ),
        ({"components": [{"type": 2}]}, "components.0.type", "BASE_TYPE_CHOICES"),
        (
            {"components": [{"type": 1, "components": []}]},
            "components.0.components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        ({"tts": "yes"}, "tts", "BOOLEAN_TYPE_CONVERT"),
        ({"nonce": "x" * 26}, "nonce", "NONCE_TYPE_INVALID"),
        ({"allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0", "BASE_TYPE_CHOICES"),
    ],
)
async def test_body_against_the_rules_is_told_where_it_is_wrong(
    api: Api, body: Any, place: str, code: str
) -> None:
    answer = await api("POST", PATH, body)

    assert (answer.status, answer.number) == (400, 50035)
    errors = answer.value["errors"]
    for part in filter(None, place.split(".")):
        errors = errors[part]
    assert errors["_errors"][0]["code"] == code


@pytest.mark.parametrize("body", [{}, {"content": "   "}, {"content": None, "embeds": []}])
async def test_message_with_nothing_in_it_is_refused(api: Api, body: Any) -> None:
    answer = await api("POST", PATH, body)

    assert (answer.status, answer.number) == (400, 50006)


async def test_half_a_surrogate_is_not_json(api: Api) -> None:
    raw = b'{"content": "\\ud800"}'

    answer = await api("POST", PATH, data=raw, headers={"Content-Type": "application/json"})

    assert (answer.status, answer.number) == (400, 50109)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"\xff\xfe",
        b'{"content": NaN}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
        b'{"content": "\x00',
    ],
)
async def test_broken_json_is_50109(api: Api, raw: bytes) -> None:
    answer = await api("POST", PATH, data=raw, headers={"Content-Type": "application/json"})

    assert (answer.status, answer.number) == (400, 50109)


async def test_body_of_another_kind_is_refused(api: Api) -> None:
    answer = await api("POST", PATH, data=b"content=x", headers={"Content-Type": "text/plain"})

    assert (answer.status, answer.number) == (400, 50035)


async def test_broken_multipart_is_refused(api: Api) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    for raw in (
        b"no boundary at all",
        b"--x\r\n\r\n",
        b"--x\r\nContent-Disposition: nothing\r\n\r\nx\r\n--x--\r\n",
    ):
        answer = await api("POST", PATH, data=raw, headers=headers)
        assert answer.status == 400
    missing = await api("POST", PATH, data=b"x", headers={"Content-Type": "multipart/form-data"})
    assert missing.status == 400


async def test_body_over_ten_megabytes_is_too_large(api: Api) -> None:
    body = io.BytesIO(b'{"content": "' + b"x" * (10 * 1024 * 1024) + b'"}')

    answer = await api("POST", PATH, data=body, headers={"Content-Type": "application/json"})

    assert (answer.status, answer.number) == (413, 40005)
