"""Upkeep of the streams and their figures. Rows are written by the sink alone."""

from socialcube.domain.logs.service.folding import FOLDED, fold_figures
from socialcube.domain.logs.service.retention import delete_expired, delete_expired_figures

__all__ = ["FOLDED", "delete_expired", "delete_expired_figures", "fold_figures"]
