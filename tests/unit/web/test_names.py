import pytest

from socialcube.web.names import name_actor
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site


def test_the_audit_names_people(site: Site) -> None:
    client = sign_in(site.app, name="Mara Lindqvist")
    client.post("/admin/theme", data={"theme": "dark"})
    page = client.get("/admin/logs/audit/").text
    assert "Mara Lindqvist" in page.partition("<tbody")[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cli:root", "root at the command line"),
        ("system:beat", "Social Cube"),
        ("fleet:01a2", "A bot runner"),
        ("user:01a20644-a9dd-77f8-baaf-e36c608c6024", "somebody who is gone"),
        ("nonsense", "nonsense"),
    ],
)
def test_whoever_acts_has_a_name(site: Site, text: str, words: str) -> None:
    with site.app.test_request_context():
        assert name_actor(text) == words
