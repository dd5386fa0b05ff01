from typing import Any

from tests.factories.logs import make_command_log
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.admin.conftest import House


def places(client: SignedInClient, words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/admin/jump", query_string={"q": words}).get_json()["places"]
    return found


def test_it_finds_bots_commands_and_servers(house: House) -> None:
    assert [(place["kind"], place["label"]) for place in places(house.owner, "own")] == [
        ("Bot", "Own bot"),
        ("Server", "Server of Own bot"),
    ]
    assert [place["label"] for place in places(house.owner, "/hello")] == ["/hello0", "/hello1"]


def test_it_finds_nothing_that_one_may_not_see(house: House) -> None:
    assert places(house.keeper, "Foreign") == []
    assert [place["label"] for place in places(house.keeper, "hello")] == ["/hello0"]
    assert [place["label"] for place in places(sign_in(house.site.app, name="No", role=None), "bot")] == []


def test_it_knows_a_run_by_its_id(house: House) -> None:
    record = make_command_log(bot_id=house.foreign.bot_id)
    sink = house.site.services.shared.make_sink()
    sink.start()
    sink.put(record)
    sink.close()
    (run,) = places(house.owner, str(record.event_id))
    assert run["url"].startswith(f"/admin/runs/{record.event_id}")
    assert places(house.keeper, str(record.event_id)) == []


def test_without_words_it_lists_the_pages_that_one_may_open(house: House) -> None:
    labels = [place["label"] for place in places(house.keeper, "")]
    assert labels[:2] == ["Home", "Bots"]
    assert "People" not in labels
    assert "New bot" in [place["label"] for place in places(house.owner, "new")]


def test_hostile_words_find_nothing(house: House) -> None:
    for words in ("%%", "__", "\\\\", "x\x00x", "a" * 9999, "' OR 1=1 --"):
        assert [place for place in places(house.owner, words) if place["kind"] != "Page"] == [], words
