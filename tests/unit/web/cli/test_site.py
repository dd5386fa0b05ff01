import pytest
from sqlalchemy import text

from socialcube.domain.site import queries
from tests.factories.settings import SANDBOX
from tests.unit.web.conftest import MakeSite, Site


def test_check_says_that_all_is_well(site: Site) -> None:
    site.run("site", "prepare")
    result = site.run("site", "check")
    assert result.exit_code == 0
    assert result.output == "The database is up to date and belongs to https://discord.com.\n"


def test_check_changes_nothing(site: Site) -> None:
    result = site.run("site", "check")
    assert result.exit_code == 0
    assert "belongs to the Discord of the first process" in result.output
    with site.services.shared.reads() as session:
        assert queries.find_origin(session) is None


def test_a_database_of_another_discord_is_refused(make_site: MakeSite) -> None:
    first = make_site()
    assert first.run("site", "prepare").exit_code == 0
    url = first.services.shared.settings.database_url.reveal()
    result = make_site(**SANDBOX, DATABASE_URL=url).run("site", "check")
    assert result.exit_code == 1
    assert "belongs to the Discord at https://discord.com" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["check", "prepare"])
def test_a_database_of_a_newer_version_is_left_alone(site: Site, command: str) -> None:
    with site.unit() as uow:
        uow.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        uow.commit()
    result = site.run("site", command)
    assert result.exit_code == 1
    assert "is newer" in result.stderr


def test_an_empty_database_is_refused_by_check_and_made_by_prepare(
    make_site: MakeSite, tmp_path: str
) -> None:
    site = make_site(DATABASE_URL=f"sqlite:///{tmp_path}/new.db")
    refused = site.run("site", "check")
    assert refused.exit_code == 1
    assert "flask --app wsgi db upgrade" in refused.stderr
    assert site.run("site", "prepare").exit_code == 0
    with site.services.shared.reads() as session:
        assert queries.find_origin(session) == "https://discord.com"
    assert site.run("site", "prepare").exit_code == 0


def test_a_missing_folder_is_one_sentence(make_site: MakeSite) -> None:
    result = make_site(DATABASE_URL="sqlite:////nowhere/at/all.db").run("site", "prepare")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database cannot be used: unable to open database file.")


def test_a_damaged_file_is_one_sentence(make_site: MakeSite, tmp_path: str) -> None:
    path = f"{tmp_path}/damaged.db"
    with open(path, "wb") as file:  # noqa: PTH123 - a fixture's path as text
        file.write(b"no database at all" * 100)
    result = make_site(DATABASE_URL=f"sqlite:///{path}").run("site", "check")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: The database file {path} is damaged.")


def test_any_command_on_an_empty_database_says_what_to_run(make_site: MakeSite, tmp_path: str) -> None:
    result = make_site(DATABASE_URL=f"sqlite:///{tmp_path}/new.db").run("bots", "list")
    assert result.exit_code == 1
    assert (
        result.stderr
        == "Error: The database has no tables yet, or old ones. Run: flask --app wsgi db upgrade\n"
    )
