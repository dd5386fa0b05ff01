"""The frame around every page: sidebar, top bar, words for times and numbers."""

from flask import Flask

from socialcube.web.shell import choice, choosing, doors, filters, navigation


def init_app(app: Flask) -> None:
    """Give all templates the sidebar's items and the filters, and open the frame's own doors."""
    app.jinja_env.filters.update(
        ago=filters.ago,
        exact=filters.exact,
        iso=filters.iso,
        number=filters.number,
        initials=filters.initials,
        may_see_bots=filters.may_see_bots,
    )
    app.context_processor(navigation.for_templates)
    # Functions, so that pages without the sidebar do not ask the database.
    app.jinja_env.globals.update(find_choice=choice.find_choice, count_bots=choosing.count_bots)
    app.register_blueprint(doors.blueprint)
    app.register_blueprint(choosing.blueprint)
