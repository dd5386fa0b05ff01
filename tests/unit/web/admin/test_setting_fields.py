"""A bot's owner says what servers can set; nothing typed is lost, and only what fits its type is taken."""

import re
from typing import Any

import pytest

from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.types import FieldKind, SettingField
from socialcube.web.admin.views.setting_fields.forms import make_key
from tests.factories.guilds import make_field
from tests.support.signing_in import sign_in
from tests.unit.web.admin.conftest import HOSTILE, House, system


def path(house: House) -> str:
    return f"/admin/bots/fields/edit/?id={house.own.bot_id}"


def sent(*entries: dict[str, Any], version: int = 0, **more: str) -> dict[str, Any]:
    names = {
        f"fields-{place}-{name}": value
        for place, entry in enumerate(entries)
        for name, value in ({"kind": "text"} | entry).items()
    }
    return {"version": str(version)} | names | more


def stored(house: House) -> tuple[SettingField, ...]:
    with house.site.unit() as uow:
        return queries.get_form(uow.session, house.own.bot_id).fields


def define(house: House, *fields: SettingField, version: int = 0) -> None:
    with house.site.unit() as uow:
        service.define_fields(uow, system(), house.own.bot_id, version=version, fields=fields)
        uow.commit()


def flat(text: str) -> str:
    return " ".join(text.split())


def test_fields_of_every_type_are_defined_and_shown_again_as_they_were_typed(house: House) -> None:
    entries = (
        {"label": "Greeting", "key": "greeting", "max_length": "50", "default": "Hi", "help": "Said first"},
        {"label": "Most warnings", "kind": "number", "min_value": "1", "max_value": "9.5", "default": "3"},
        {"label": "Colour", "kind": "choice", "choices": " red \r\n\r\ngreen", "required": "y"},
        {"label": "Where to", "kind": "channel"},
        {"label": "Helpers", "kind": "role"},
        {"label": "Be quiet", "kind": "yesno", "default": "Yes"},
    )
    answer = house.keeper.post(path(house), data=sent(*entries))
    assert (answer.status_code, answer.location) == (303, f"/admin/bots/{house.own.bot_id}/settings")
    assert stored(house) == (
        SettingField("greeting", "Greeting", FieldKind.TEXT, default="Hi", help="Said first", max_length=50),
        SettingField(
            "most_warnings", "Most warnings", FieldKind.NUMBER, default=3, min_value=1, max_value=9.5
        ),
        SettingField("colour", "Colour", FieldKind.CHOICE, required=True, choices=("red", "green")),
        SettingField("where_to", "Where to", FieldKind.CHANNEL),
        SettingField("helpers", "Helpers", FieldKind.ROLE),
        SettingField("be_quiet", "Be quiet", FieldKind.YESNO, default=True),
    )
    page = flat(house.keeper.get(path(house)).text)
    pattern = r'name="fields-\d-(key|default|min_value|max_value)"[^>]*value="([^"]+)"'
    shown = dict(re.findall(pattern, page))
    assert shown == {"key": "be_quiet", "default": "yes", "min_value": "1", "max_value": "9.5"}
    assert "red\ngreen" in house.keeper.get(path(house)).text
    again = dict(re.findall(r'<input[^>]*name="(version)"[^>]*value="(\d+)"', page))
    assert again == {"version": "1"}


def test_what_does_not_belong_to_the_type_is_left_out(house: House) -> None:
    leftovers = {"choices": "a\nb", "min_value": "1", "max_length": "9", "default": "x", "label": "Place"}
    house.keeper.post(path(house), data=sent(leftovers | {"kind": "channel"}))
    assert stored(house) == (SettingField("place", "Place", FieldKind.CHANNEL),)


@pytest.mark.parametrize(
    ("entry", "part"),
    [
        ({"label": ""}, "label"),
        ({"label": HOSTILE, "key": "Big Key"}, "key"),
        ({"label": "a", "key": "locale"}, "key"),
        ({"label": "a", "kind": "choice"}, "choices"),
        ({"label": "a", "kind": "number", "default": "many"}, "default"),
        ({"label": "a", "kind": "number", "default": "Infinity"}, "default"),
        ({"label": "a", "kind": "number", "default": "1e999999999"}, "default"),
        ({"label": "a", "kind": "number", "min_value": "sNaN"}, "min_value"),
        ({"label": "a", "kind": "number", "min_value": "1e999999999"}, "min_value"),
        ({"label": "a", "kind": "number", "min_value": "2", "max_value": "1"}, "min_value"),
        ({"label": "a", "kind": "number", "max_value": "x"}, "max_value"),
        ({"label": "a", "kind": "yesno", "default": "perhaps"}, "default"),
        ({"label": "a", "max_length": "9" * 5000}, "max_length"),
        ({"label": "a", "max_length": "0"}, "max_length"),
        ({"label": "a", "help": "two\nlines"}, "help"),
        ({"label": "a", "kind": "drop table"}, "kind"),
        ({"label": "nul\x00"}, "label"),
    ],
)
def test_a_problem_is_told_at_its_part(house: House, entry: dict[str, str], part: str) -> None:
    answer = house.keeper.post(path(house), data=sent({"label": "Sound"}, entry))
    assert answer.status_code == 422
    assert f'id="fields-1-{part}-err"' in answer.text
    assert f'href="#fields-1-{part}"' in answer.text
    assert "“Sound”" not in answer.text
    assert "{&#39;" not in answer.text
    assert "<script>alert" not in answer.text
    assert stored(house) == ()


def test_two_fields_with_one_key_are_refused(house: House) -> None:
    answer = house.keeper.post(path(house), data=sent({"label": "Same"}, {"label": "same"}))
    assert 'id="fields-1-key-err"' in answer.text


def test_fields_are_added_moved_and_removed_without_script_and_saved_at_the_end(house: House) -> None:
    two = ({"label": "One"}, {"label": "Two"})
    added = house.keeper.post(path(house), data=sent(*two, _step="add fields"))
    assert added.status_code == 200
    assert added.text.count("data-entry-name") == 3
    moved = house.keeper.post(path(house), data=sent(*two, _step="up fields 1")).text
    assert moved.index('value="Two"') < moved.index('value="One"')
    gone = house.keeper.post(path(house), data=sent(*two, _step="remove fields 0")).text
    assert 'value="One"' not in gone
    assert stored(house) == ()
    house.keeper.post(path(house), data=sent(*reversed(two)))
    assert [field.key for field in stored(house)] == ["two", "one"]
    house.keeper.post(path(house), data=sent(version=1))
    assert stored(house) == ()


def test_names_that_carry_no_place_are_not_read(house: House) -> None:
    odd = {f"fields-{place}-label": "Odd" for place in ("²", "9" * 5000, "-1", "x", "")}
    assert house.keeper.post(path(house), data=sent({"label": "Sound"}) | odd).status_code == 303
    assert [field.label for field in stored(house)] == ["Sound"]


def test_a_conflict_shows_both_lists_and_saving_again_replaces_theirs(house: House) -> None:
    define(house, make_field(key="theirs", label="Their <b>field</b>", kind=FieldKind.NUMBER, required=True))
    answer = house.keeper.post(path(house), data=sent({"label": "Mine"}))
    assert answer.status_code == 409
    assert "Their &lt;b&gt;field&lt;/b&gt;, Number, required" in answer.text
    assert 'value="Mine"' in answer.text
    assert f'<a href="{path(house)}">take theirs' in answer.text
    assert [field.key for field in stored(house)] == ["theirs"]
    assert house.keeper.post(path(house), data=sent({"label": "Mine"}, version=1)).status_code == 303
    assert [field.key for field in stored(house)] == ["mine"]


def test_the_fields_are_reached_from_the_bot_and_from_its_servers(house: House) -> None:
    define(house, make_field(key="greeting", label="Greeting"))
    link = f'href="{path(house)}"'
    settings = house.keeper.get(f"/admin/bots/{house.own.bot_id}/settings").text
    server = f"/admin/servers/settings/edit/?id={house.own.place}"
    assert link in settings
    assert "{{ settings.key }}" in settings
    assert "Greeting" in settings
    assert link in house.keeper.get(server).text
    assert "Greeting" in house.owner.get("/admin/bots/fields/").text
    operator = sign_in(house.site.app, name="Op", role="manager", bots=[house.own.bot_id])
    viewer = sign_in(house.site.app, name="Vi", role="viewer", bots=[house.own.bot_id])
    assert operator.get(path(house)).status_code == 200
    assert viewer.get(path(house)).status_code == 403
    assert link not in viewer.get(f"/admin/bots/{house.own.bot_id}/settings").text


def test_a_number_out_of_all_bounds_is_refused_in_a_servers_settings(house: House) -> None:
    define(house, make_field(key="most", label="Most", kind=FieldKind.NUMBER))
    form = {"version": "0", "locale": "en-US", "time_zone": "UTC", "log_channel_id": ""}
    url = f"/admin/servers/settings/edit/?id={house.own.place}"
    for typed in ("Infinity", "-Infinity", "NaN", "sNaN", "1e999999999", "1e400"):
        answer = house.keeper.post(url, data=form | {"own_most": typed})
        assert (answer.status_code, 'id="own_most-err"' in answer.text) == (422, True), typed
    assert house.keeper.post(url, data=form | {"own_most": "1e3"}).status_code == 303


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Welcome channel", "welcome_channel"),
        ("  3 Strikes! ", "strikes"),
        ("Größe", "gr_sse"),
        ("日本", ""),
        ("a" * 31 + " b", "a" * 31),
    ],
)
def test_a_key_is_made_of_the_label(label: str, key: str) -> None:
    assert make_key(label) == key
