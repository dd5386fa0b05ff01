"""Alerts of bots, and the channels that tell people of them."""

from socialcube.web.admin.views.alerts.channels import AlertChannelsView
from socialcube.web.admin.views.alerts.view import AlertsView

__all__ = ["AlertChannelsView", "AlertsView"]
