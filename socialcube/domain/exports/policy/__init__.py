"""Rules about files of lists: who may have one, and what a cell may say."""

from socialcube.domain.exports.policy.cells import MARK, defuse, to_line
from socialcube.domain.exports.policy.rights import (
    covers,
    file_name,
    scope_from,
    scope_of,
    scope_to,
)

__all__ = ["MARK", "covers", "defuse", "file_name", "scope_from", "scope_of", "scope_to", "to_line"]
