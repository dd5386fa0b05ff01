import pytest
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InternalError, OperationalError

from socialcube.web.cli.groups import PlainGroup
from tests.unit.web.conftest import Site


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (OperationalError, "The database cannot be used right now."),
        (InternalError, "The database cannot be used right now."),
        (DataError, "too long or out of range"),
        (IntegrityError, "Somebody else changed the same thing"),
    ],
)
def test_what_a_database_refuses_is_one_sentence(site: Site, kind: type[DBAPIError], sentence: str) -> None:
    def fail() -> None:
        raise kind("SELECT :secret", {"secret": "hunter2"}, Exception("value out of range"))

    group = PlainGroup("test")
    group.command("fail")(fail)
    site.app.cli.add_command(group)
    result = site.run("test", "fail")
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert "hunter2" not in result.output
