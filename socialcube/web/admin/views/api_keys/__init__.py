"""API keys: those of the person at hand, and all of them for who manages the site."""

from socialcube.web.admin.views.api_keys.view import ApiKeysView

__all__ = ["ApiKeysView"]
