import json
from pathlib import Path

import pytest
from sqlalchemy import text

from socialcube.domain.accounts import queries
from tests.unit.web.conftest import MakeSite, Site


@pytest.fixture
def people(site: Site) -> None:
    for number, name in ((1001, "Mara"), (1002, "Theo")):
        site.run("users", "invite", str(number), "--name", name)
    site.run("users", "grant", "1001", "owner")


def do(site: Site, statement: str) -> None:
    with site.unit() as uow:
        uow.session.execute(text(statement))
        uow.commit()


def test_an_empty_log_says_when_the_chain_begins(site: Site) -> None:
    result = site.run("audit", "verify")
    assert (result.exit_code, result.stdout) == (
        0,
        "No entry is chained yet: the chain begins with the next change.\n",
    )
    assert "nothing to anchor" in site.run("audit", "head").stderr


@pytest.mark.usefixtures("people")
def test_a_sound_log_ends_with_0_and_tells_what_was_compared(site: Site) -> None:
    head = site.run("audit", "head").stdout
    result = site.run("audit", "verify", "--anchor", head)
    assert result.exit_code == 0
    assert "Every entry is as it was written: entries 1 to 3 of chain" in result.stdout
    assert "1 anchor from outside the database was compared." in result.stdout
    assert "No anchor was compared" in site.run("audit", "verify").stdout


@pytest.mark.usefixtures("people")
def test_a_changed_log_ends_with_1_and_says_what_and_where(site: Site) -> None:
    do(site, "UPDATE audit_logs SET action = 'user.forget' WHERE number = 2")
    result = site.run("audit", "verify")
    assert result.exit_code == 1
    assert "The log was changed: entries 1 to 3" in result.stdout
    assert "Altered: entry 2. What stands there is not what was written." in result.stdout
    assert "docs/guides/audit.md" in result.stdout


@pytest.mark.usefixtures("people")
def test_programs_read_the_result_as_json(site: Site) -> None:
    do(site, "DELETE FROM audit_logs WHERE number = 2")
    result = site.run("audit", "verify", "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["is_sound"], said["counts"]) == (1, False, {"missing": 1})


@pytest.mark.usefixtures("people")
def test_a_cut_end_is_told_by_a_file_of_anchors_among_other_lines(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "platform.log"
    path.write_text(f"worker | 12:00 {site.run('audit', 'head').stdout}worker | 12:01 done\n")
    do(site, "DELETE FROM audit_logs WHERE number = 3")
    do(site, "DELETE FROM audit_points WHERE kind = 'head'")
    result = site.run("audit", "verify", "--anchors", str(path))
    assert result.exit_code == 1
    assert "Cut off: entry 3 (an anchor names them)" in result.stdout


@pytest.mark.usefixtures("people")
def test_without_the_key_it_ends_with_3_and_names_the_setting(site: Site, make_site: MakeSite) -> None:
    other = make_site(DATABASE_URL=site.services.shared.settings.database_url.reveal(), SECRET_KEY="x" * 40)
    result = other.run("audit", "verify")
    assert result.exit_code == 3
    assert "The key that signed is not in AUDIT_KEY or SECRET_KEY." in result.stdout


@pytest.mark.usefixtures("people")
def test_an_old_key_in_the_list_still_checks(site: Site, make_site: MakeSite) -> None:
    url = site.services.shared.settings.database_url.reveal()
    other = make_site(DATABASE_URL=url, SECRET_KEY="x" * 40, AUDIT_KEY=f"{'n' * 40},{'s' * 32}")
    assert other.run("audit", "verify").exit_code == 0


def test_what_is_no_anchor_is_refused_with_an_example(site: Site) -> None:
    result = site.run("audit", "verify", "--anchor", "12")
    assert result.exit_code == 2
    assert "audit head" in result.stderr


@pytest.mark.usefixtures("people")
def test_an_erased_person_is_gone_and_the_chain_holds(site: Site) -> None:
    asked = site.run("audit", "erase", "1002", typed="n\n")
    assert asked.exit_code == 1
    result = site.run("audit", "erase", "1002", "--yes")
    assert "Theo is erased" in result.stdout
    with site.unit() as uow:
        user = next(each for each in queries.list_users(uow.session) if each.is_disabled)
        assert (user.name, user.display_name, user.avatar) == ("Erased person", "Erased person", None)
        assert user.external_id < 0
        dump = str(uow.session.execute(text("SELECT * FROM audit_logs")).all())
    assert "Theo" not in dump
    assert "1002" not in dump
    assert site.run("audit", "verify").exit_code == 0


@pytest.mark.usefixtures("people")
def test_the_last_owner_cannot_be_erased(site: Site) -> None:
    result = site.run("audit", "erase", "1001", "--yes")
    assert result.exit_code == 1
    assert "Mara is the last owner" in result.stderr
