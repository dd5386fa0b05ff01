"""How long the platform's word about a server's manager is believed."""

from typing import Final

CHECK_SECONDS: Final = 300.0
"""Whoever loses the right there can change nothing here after so long."""

KEPT_SECONDS: Final = 30 * 86_400.0
"""After so long an answer is deleted. Until then it only says in which servers somebody was seen."""
