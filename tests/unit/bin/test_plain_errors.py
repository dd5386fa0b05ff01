import errno

import pytest

from bin.lib.plain_errors import explain, plain_errors


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full. Free some space, then start again."),
        (errno.EROFS, "/srv/var cannot be written. Use a folder that belongs to you, then start again."),
        (errno.EACCES, "/srv/var cannot be written. Use a folder that belongs to you, then start again."),
        (errno.EIO, "/srv/var: Input/output error."),
    ],
)
def test_what_the_system_refuses_becomes_one_sentence(number: int, sentence: str) -> None:
    assert explain(OSError(number, "Input/output error", "/srv/var")) == sentence


def test_an_error_ends_the_script_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught, plain_errors():
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.code == 1
    assert capsys.readouterr().err == "The disk is full. Free some space, then start again.\n"


def test_an_interrupt_ends_the_script_silently(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught, plain_errors():
        raise KeyboardInterrupt
    assert caught.value.code == 130
    assert capsys.readouterr() == ("", "")
