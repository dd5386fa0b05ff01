from socialcube.kernel.errors import NotFoundError, SocialCubeError


class LeaseLostError(SocialCubeError):
    """The lease on bot {bot} ended at {when}.

    This paragraph is for developers and is never shown.
    """

    code = "lease_lost"


def test_message_is_first_paragraph_with_details_filled_in() -> None:
    assert LeaseLostError(bot="Fern", when="noon").message == "The lease on bot Fern ended at noon."


def test_missing_detail_is_shown_by_its_name_instead_of_failing() -> None:
    assert NotFoundError().message == "There is no such (kind)."


def test_str_is_the_message() -> None:
    assert str(NotFoundError(kind="bot")) == "There is no such bot."


def test_details_are_kept_for_shells() -> None:
    assert NotFoundError(kind="bot").details == {"kind": "bot"}


def test_braces_inside_a_detail_are_not_expanded() -> None:
    assert NotFoundError(kind="{code.__class__}").message == "There is no such {code.__class__}."
