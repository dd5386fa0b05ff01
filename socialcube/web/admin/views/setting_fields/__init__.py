"""Which settings each bot asks its servers for."""

from socialcube.web.admin.views.setting_fields.view import SettingFieldsView

__all__ = ["SettingFieldsView"]
