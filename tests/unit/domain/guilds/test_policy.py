import pytest

from socialcube.domain.guilds.policy import fit_bits, fit_icon, fit_name


@pytest.mark.parametrize(
    ("name", "kept"), [("Garden", "Garden"), ("a\0b", "ab"), ("a\ud83cb🌱", "ab🌱"), ("x" * 120, "x" * 100)]
)
def test_names_fit_the_column(name: str, kept: str) -> None:
    assert fit_name(name) == kept


@pytest.mark.parametrize(
    ("icon", "kept"),
    [(None, None), ("", None), ("a_1f", "a_1f"), ("../x", None), ("x" * 65, None), ("x" * 64, "x" * 64)],
)
def test_icons_are_hashes_or_nothing(icon: str | None, kept: str | None) -> None:
    assert fit_icon(icon) == kept


@pytest.mark.parametrize(("bits", "kept"), [(8, 8), (1 << 62, 1 << 62), ((1 << 63) | 8, 8)])
def test_permission_bits_fit_a_signed_column(bits: int, kept: int) -> None:
    assert fit_bits(bits) == kept
