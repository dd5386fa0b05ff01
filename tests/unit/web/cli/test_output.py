import pytest

from socialcube.web.cli.output import print_table, printable


def test_plain_text_in_any_script_stays() -> None:
    assert printable("Grüße, 世界 👋") == "Grüße, 世界 👋"


@pytest.mark.parametrize(
    "character", ["\n", "\r", "\t", "\x1b", "\x07", "\x9b", "\u2028", "\u202e", "\ud800"]
)
def test_what_a_terminal_would_act_on_is_escaped(character: str) -> None:
    assert printable(f"a{character}b").isprintable()


def test_columns_are_aligned_and_lines_end_without_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["A", "LONG"], [["wide cell", ""], ["x", "y"]])
    assert capsys.readouterr().out == "A          LONG\nwide cell\nx          y\n"
