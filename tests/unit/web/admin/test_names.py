import pytest

from socialcube.web.admin.drawing import actor_name
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
        ("cli:root", "Command line (root)"),
        ("system:beat", "Social Cube (beat)"),
        ("fleet:01a2", "A bot runner"),
        ("user:01a20644-a9dd-77f8-baaf-e36c608c6024", "somebody unknown (01a20644)"),
        ("nonsense", "nonsense"),
    ],
)
def test_whoever_acts_has_a_name(site: Site, text: str, words: str) -> None:
    with site.app.test_request_context():
        assert actor_name(text) == words
