"""The audit screen: who did what, when, from where, and whether the log itself is unchanged."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from socialcube.domain.access.types import Actor
from socialcube.domain.audit import queries, service
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as work
from socialcube.domain.jobs.types import JobKind
from socialcube.kernel.ids import new_id
from tests.fakes.clock import START
from tests.support.signing_in import sign_in
from tests.unit.web.admin.conftest import HOSTILE, House, system

PATH = "/admin/logs/audit/"


def note(house: House, action: str = "bot.edit", actor: Actor | None = None, **said: Any) -> None:
    facts: dict[str, Any] = {
        "subject_kind": "bot",
        "subject_id": house.own.bot_id,
        "bot_id": house.own.bot_id,
    } | said
    with house.site.unit() as uow:
        service.record(uow, actor or system(), action, **facts)
        uow.commit()


def page(house: House, query: str = "") -> str:
    return " ".join(unescape(house.owner.get(PATH + query).text).split())


def finished(house: House, result: dict[str, object]) -> None:
    with house.site.unit() as uow:
        job = jobs.find_latest(uow.session, JobKind.VERIFY_AUDIT)
        assert job is not None
        assert work.claim(uow, job.id, "worker:tests") is not None
        assert work.finish(uow, job.id, "worker:tests", result)
        uow.commit()


def test_a_line_says_who_did_what_to_which_thing_and_what_that_changed(house: House) -> None:
    person = house.owner.person.user
    mara = Actor("user", str(person.id), request_id="req-9", address="192.0.2.7")
    note(
        house,
        actor=mara,
        before={"name": "Fern", "is_active": False},
        after={"name": "Ivy", "is_active": True},
    )
    text = page(house)
    for part in ("Changed a bot", "Mara", "Own bot", "192.0.2.7", "<del>Fern</del>", "<ins>Ivy</ins>"):
        assert part in text, part
    assert f"/bots/{house.own.bot_id}" in text
    assert "Switched on" in text
    assert '{"name"' not in text


def test_a_thing_that_is_gone_is_named_as_the_entry_names_it_and_leads_nowhere(house: House) -> None:
    gone = new_id()
    note(house, "role.delete", subject_kind="role", subject_id=gone, before={"name": "Helper"}, bot_id=None)
    text = page(house)
    assert "Helper" in text
    assert str(gone) not in text


def test_a_thing_without_a_name_is_shown_by_its_id(house: House) -> None:
    note(house, "session.end", subject_kind="session", subject_id="01890000-0000-7000-8000-0000000000aa")
    assert '<code class="cell">01890000</code>' in page(house)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?flt0_what_is=bot.start", {"Started a bot"}),
        ("?flt0_to_what_is=role", {"Changed a role"}),
        ("?flt0_address_contains=192.0.2.", {"Stopped a bot"}),
        ("?flt0_who_is=cli", {"Stopped a bot"}),
        ("?search=Evergreen", {"Changed a role"}),
        ("?flt0_what_is=bot.start&flt1_to_what_is=role", set()),
        ("?flt0_who_is=nobody", {"Started a bot", "Changed a role", "Stopped a bot"}),
    ],
)
def test_the_list_is_narrowed_by_its_address(house: House, query: str, shown: set[str]) -> None:
    note(house, "bot.start")
    note(
        house, "role.edit", subject_kind="role", subject_id=new_id(), bot_id=None, after={"name": "Evergreen"}
    )
    note(house, "bot.stop", actor=Actor("cli", "root", address="192.0.2.9"))
    rows = re.findall(r"<tr data-row.*?</tr>", page(house, query))
    words = {
        word for word in ("Started a bot", "Changed a role", "Stopped a bot") for row in rows if word in row
    }
    assert words == shown


def test_what_was_done_to_a_person_is_found_under_that_person(house: House) -> None:
    kim = house.keeper.person.user
    note(
        house,
        "user.disable",
        subject_kind="user",
        subject_id=kim.id,
        bot_id=None,
        after={"is_disabled": True},
    )
    assert "Switched an account off" in page(house, f"?flt0_who_is=user:{kim.id}&flt1_what_is=user.disable")


def test_the_period_narrows_the_list(house: House) -> None:
    note(house)
    later = (START + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert "Nothing matches" in page(house, f"?flt0_from_after={later}")
    assert "Changed a bot" in page(house, f"?flt0_until_before={later}")


def test_the_list_follows_the_bots_that_the_pages_show(house: House) -> None:
    note(house, "bot.start")
    note(house, "bot.stop", subject_id=house.foreign.bot_id, bot_id=house.foreign.bot_id)
    house.owner.post("/admin/shown-bots", data={"key": f"bot:{house.own.bot_id}"})
    rows = " ".join(re.findall(r"<tr data-row.*?</tr>", page(house)))
    assert ("Started a bot" in rows, "Stopped a bot" in rows) == (True, False)


def test_pages_follow_each_other_by_id(house: House) -> None:
    for number in range(45):
        note(house, after={"name": f"Number {number:02}."})
    seen, query = [], "?page_size=20&search=Number"
    while query:
        text = page(house, query)
        seen += re.findall(r"Number (\d\d)\.</ins>", text)
        found = re.search(r'rel="next" href="/admin/logs/audit/([^"]+)"', text)
        query = found.group(1) if found else ""
    assert seen == [f"{number:02}" for number in range(44, -1, -1)]


def test_an_entry_shows_all_that_it_changed_and_leads_to_its_request(house: House) -> None:
    mara = Actor("user", str(house.owner.person.user.id), request_id="req-9", address="192.0.2.7")
    note(
        house,
        actor=mara,
        before={"tags": [], "limits": {"max": 1}},
        after={"tags": ["a", "b"], "limits": {"max": 2}},
    )
    with house.site.unit() as uow:
        entry = queries.list_before(uow.session, limit=1)[0]
    text = " ".join(unescape(house.owner.get(f"{PATH}details/?id={entry.id}").text).split())
    for part in (
        "Limits, max",
        "<del>1</del>",
        "<ins>2</ins>",
        "a, b",
        "Its request",
        "search=req-9",
        "signed with key",
    ):
        assert part in text, part


def test_hostile_words_are_shown_as_they_are_and_do_nothing(house: House) -> None:
    note(house, HOSTILE[:60], before={HOSTILE: HOSTILE}, after={"name": HOSTILE}, subject_id=HOSTILE[:60])
    with house.site.unit() as uow:
        entry = queries.list_before(uow.session, limit=1)[0]
    for path in (PATH, f"{PATH}details/?id={entry.id}"):
        assert "<script>alert" not in house.owner.get(path).text


def test_the_export_asks_for_what_the_address_describes(house: House) -> None:
    answer = house.owner.post(
        f"{PATH}export/?flt0_what_is=bot.start&search=fern", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200
    with house.site.unit() as uow:
        job = jobs.find_latest(uow.session, JobKind.EXPORT)
    assert job is not None
    assert (job.payload["source"], job.payload["filters"]) == (
        "audit",
        {"text": "fern", "action": "bot.start"},
    )


def test_a_check_is_asked_for_once_and_its_result_is_shown(house: House) -> None:
    assert "Not checked yet" in page(house)
    asked = house.owner.post(f"{PATH}check/", headers={"Accept": "application/json"})
    again = house.owner.post(f"{PATH}check/", headers={"Accept": "application/json"})
    assert asked.json == again.json
    with house.site.unit() as uow:
        assert [job.kind for job in jobs.list_recent(uow.session)] == [JobKind.VERIFY_AUDIT]
    assert "Checking" in page(house)
    assert asked.json is not None
    assert house.owner.get(asked.json["url"]).json == {"is_open": True, "progress": 0}
    finished(house, {"is_sound": True, "checked": 12})
    assert "All 12 entries are as they were written." in page(house)
    assert house.owner.get(asked.json["url"]).json == {"is_open": False, "progress": 100}


def test_what_a_check_found_stands_above_the_list(house: House) -> None:
    assert house.owner.post(f"{PATH}check/").status_code == 303
    finished(house, {"is_sound": False, "is_tampered": True, "findings": ["Missing: entry 2."]})
    text = page(house)
    assert "Something was done to the log" in text
    assert "Missing: entry 2." in text


def test_the_newest_anchor_is_told_with_how_much_came_since(house: House) -> None:
    note(house)
    with house.site.unit() as uow:
        anchor = service.anchor_head(uow)
        uow.commit()
    note(house)
    assert anchor is not None
    assert f"up to entry {anchor.number}" in page(house)
    assert "; 1 since" in page(house)


def test_only_who_manages_the_site_sees_or_checks_the_log(house: House) -> None:
    nobody = sign_in(house.site.app, name="Vera", role="viewer")
    for client in (house.keeper, nobody):
        assert client.get(PATH).status_code == 403
        assert client.post(f"{PATH}check/").status_code == 403
        assert client.post(f"{PATH}export/").status_code == 403
    assert house.owner.get(f"{PATH}check/state/").json == {"is_open": False, "progress": 0}


def test_an_erased_entry_says_so(house: House) -> None:
    kim = house.keeper.person.user
    note(house, "user.enable", subject_kind="user", subject_id=kim.id, bot_id=None, after={"name": "Kim"})
    with house.site.unit() as uow:
        entry = queries.list_before(uow.session, limit=1)[0]
        service.erase_person(uow, system(), kim.id)
        uow.commit()
    assert "has been erased" in house.owner.get(f"{PATH}details/?id={entry.id}").text
