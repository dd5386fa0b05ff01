import pytest

from socialcube.web.cli.output import print_table


def test_columns_are_aligned_and_lines_end_without_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["A", "LONG"], [["wide cell", ""], ["x", "y"]])
    assert capsys.readouterr().out == "A          LONG\nwide cell\nx          y\n"
