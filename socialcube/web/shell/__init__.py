"""The frame around every page: sidebar, top bar, words for times and numbers."""

from flask import Flask

from socialcube.web.shell import filters, navigation


def init_app(app: Flask) -> None:
    """Give all templates the sidebar's items and the filters."""
    app.jinja_env.filters.update(
        ago=filters.ago,
        exact=filters.exact,
        iso=filters.iso,
        number=filters.number,
        initials=filters.initials,
    )
    app.context_processor(navigation.for_templates)
