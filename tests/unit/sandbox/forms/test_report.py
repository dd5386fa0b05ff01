import pytest

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms.report import Report


def test_problems_are_nested_as_the_body_is() -> None:
    report = Report()
    report.at("embeds").at(0).at("title").add("CODE", "Why.")
    report.at("clean")

    with pytest.raises(InvalidFormError) as refused:
        report.raise_if_any()
    assert refused.value.errors == {
        "embeds": {"0": {"title": {"_errors": [{"code": "CODE", "message": "Why."}]}}}
    }


def test_clean_report_raises_nothing() -> None:
    report = Report()
    report.at("a").at("b")

    report.raise_if_any()
    assert report.is_clean
