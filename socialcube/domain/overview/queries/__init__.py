"""Reads of the overview, always through the eyes of somebody: what their scope leaves out is not there."""

from socialcube.domain.overview.queries.attention import list_attention
from socialcube.domain.overview.queries.figures import get_figures, list_bot_figures
from socialcube.domain.overview.queries.fleet import get_fleet_status

__all__ = ["get_figures", "get_fleet_status", "list_attention", "list_bot_figures"]
