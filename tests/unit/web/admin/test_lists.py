"""Lists take their address from anybody: what they do not know is ignored, what they know is narrow."""

import re
from datetime import timedelta
from html import unescape

from socialcube.domain.logs.types import Stream
from tests.factories.bots import make_bot
from tests.factories.logs import make_command_log
from tests.fakes.clock import START
from tests.unit.web.admin.conftest import HOSTILE, House

LISTS = (
    "bots",
    "commands",
    "servers",
    "servers/settings",
    "bots/fields",
    "people",
    "people/grants",
    "roles",
    "logs/commands",
    "logs/bots",
    "logs/requests",
    "logs/errors",
    "logs/audit",
)


def test_no_page_carries_scripts_or_styles_inline(house: House) -> None:
    for path in LISTS:
        page = house.owner.get(f"/admin/{path}/").text
        assert re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page) is None, path
        assert re.search(r"jquery|bootstrap|select2|moment|font-awesome", page, re.IGNORECASE) is None, path


def test_a_list_is_sorted_by_the_name_of_a_column(house: House) -> None:
    def names(query: str) -> list[str]:
        return re.findall(r">(Own|Foreign) bot<small", house.owner.get(f"/admin/bots/{query}").text)

    assert names("?sort=servers") == ["Own", "Foreign"]
    assert names("?sort=servers&desc=1") == ["Foreign", "Own"]
    assert names("?sort=sealed_token&desc=1") == names("") == ["Foreign", "Own"]


def test_a_filter_is_a_chip_that_can_be_taken_away(house: House) -> None:
    page = house.owner.get("/admin/bots/?flt0_state_is=Stopped&search=own&columns=servers").text
    assert "State: Stopped" in page
    assert "Foreign bot" not in page
    clear = unescape(re.search(r'class="chip set"\s+href="([^"]+)"', page).group(1))  # type: ignore[union-attr]
    assert clear == "/admin/bots/?search=own&columns=servers"
    assert "Tags</th>" not in " ".join(page.split())


def test_an_empty_list_says_what_belongs_there_and_a_narrow_one_how_to_widen_it(house: House) -> None:
    assert "Nothing matches" in house.owner.get("/admin/bots/?search=nobody").text
    assert "No run yet" in house.owner.get("/admin/logs/commands/").text


def test_pages_follow_each_other_and_meet_every_row_once(house: House) -> None:
    with house.site.unit() as uow:
        for number in range(43):
            make_bot(uow.session, name=f"Extra {number:02}")
        uow.commit()
    seen, path = [], "/admin/bots/?page_size=20&search=Extra"
    while path:
        page = house.owner.get(path).text
        seen += re.findall(r">(Extra \d\d)<small", page)
        found = re.search(r'rel="next"\s+href="([^"]+)"', page)
        path = unescape(found.group(1)) if found else ""
    assert seen == [f"Extra {number:02}" for number in range(43)]


def test_a_size_of_page_that_is_not_offered_is_not_taken(house: House) -> None:
    assert house.owner.get("/admin/bots/?page_size=1000000").status_code == 200
    assert "page_size=1000000" not in house.owner.get("/admin/bots/?page_size=1000000").text


def test_log_pages_go_on_by_time_and_come_back(house: House) -> None:
    _log(house, 45)
    first = house.owner.get("/admin/logs/commands/?page_size=20").text
    older = unescape(re.search(r'rel="next"\s+href="([^"]+)"', first).group(1))  # type: ignore[union-attr]
    second = house.owner.get(older).text
    assert _names(first) == [f"run{number}" for number in range(20)]
    assert _names(second) == [f"run{number}" for number in range(20, 40)]
    newer = unescape(re.search(r'rel="prev"\s+href="([^"]+)"', second).group(1))  # type: ignore[union-attr]
    assert _names(house.owner.get(newer).text) == _names(first)


def test_logs_of_foreign_bots_are_not_listed(house: House) -> None:
    _log(house, 4)
    assert len(_names(house.owner.get("/admin/logs/commands/").text)) == 4
    assert _names(house.keeper.get("/admin/logs/commands/").text) == ["run0", "run2"]
    asked = f"/admin/logs/commands/?flt0_bot_is={house.foreign.bot_id}"
    assert "run1" not in house.keeper.get(asked).text


def test_log_details_show_everything_as_text(house: House) -> None:
    _log(house, 1, user_name=HOSTILE, options={"a": HOSTILE})
    key = re.search(r"details/\?id=(\d+)", house.owner.get("/admin/logs/commands/").text).group(1)  # type: ignore[union-attr]
    page = house.owner.get(f"/admin/logs/commands/details/?id={key}").text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") == 2


def test_an_export_of_logs_is_asked_of_a_worker_with_the_filters_of_the_list(house: House) -> None:
    answer = house.keeper.post(
        "/admin/logs/commands/export/?flt0_outcome_is=failed&search=x", headers={"Accept": "application/json"}
    )
    status = house.keeper.get(answer.get_json()["url"], headers={"Accept": "application/json"}).get_json()
    assert status == {"is_open": True, "progress": 0, "problem": "", "url": ""}
    assert house.owner.get(answer.get_json()["url"]).status_code == 404


def _log(house: House, count: int, **changes: object) -> None:
    bots = (house.own.bot_id, house.foreign.bot_id)
    sink = house.site.services.shared.make_sink()
    sink.start()
    for number in range(count):
        moment = START - timedelta(seconds=number)
        record = make_command_log(
            bot_id=bots[number % 2], command_name=f"run{number}", occurred_at=moment, **changes
        )
        assert record.stream is Stream.COMMANDS
        sink.put(record)
    sink.close()


def _names(page: str) -> list[str]:
    return re.findall(r"<code>/(run\d+)</code>", page)
