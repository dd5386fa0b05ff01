import pytest

from socialcube.domain.commands.documents import parse
from socialcube.web.pages.new_bot.templates import TemplateNotFoundError, get_template, list_templates


@pytest.mark.parametrize("name", [template.document.name for template in list_templates()])
def test_every_template_may_be_published_as_it_is(name: str) -> None:
    assert parse(get_template(name).document.to_json()).name == name


def test_there_are_four_with_names_of_their_own() -> None:
    assert [template.document.name for template in list_templates()] == ["hello", "rules", "split", "when"]


def test_an_unknown_one_is_said_to_be_missing() -> None:
    with pytest.raises(TemplateNotFoundError):
        get_template("nothing")
