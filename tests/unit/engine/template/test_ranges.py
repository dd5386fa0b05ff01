import liquid
import pytest

from socialcube.engine.errors import RenderSizeBudgetError
from tests.unit.engine.template.conftest import Render


def test_range_of_a_thousand_numbers_is_made(render: Render) -> None:
    assert render("{{ (1..1000) | size }}").text == "1000"


def test_longer_range_is_refused_with_its_line(render: Render) -> None:
    with pytest.raises(RenderSizeBudgetError, match="1,001 numbers") as caught:
        render("first\n{{ (1..1001) | size }}")
    assert caught.value.line == 2


def test_range_between_values_is_measured_too(render: Render) -> None:
    with pytest.raises(RenderSizeBudgetError):
        render("{{ (1..n) | size }}", n="20000000000")


def test_backwards_range_is_empty(render: Render) -> None:
    assert render("{{ (9..1) | size }}").text == "0"


def test_environments_of_others_keep_their_ranges() -> None:
    assert liquid.Environment().from_string("{{ (1..5000) | size }}").render() == "5000"
