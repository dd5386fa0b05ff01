"""The frame around every page: sidebar, top bar, words for times and numbers."""

from flask import Flask

from socialcube.web.shell import doors, filters, navigation


def init_app(app: Flask) -> None:
    """Give all templates the sidebar's items and the filters, and open the frame's own doors."""
    app.jinja_env.filters.update(
        ago=filters.ago,
        exact=filters.exact,
        iso=filters.iso,
        number=filters.number,
        initials=filters.initials,
    )
    app.context_processor(navigation.for_templates)
    app.register_blueprint(doors.blueprint)
