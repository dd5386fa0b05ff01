"""Makes the Flask application from settings. Importing this module does nothing."""

from pathlib import Path
from typing import Final

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from socialcube.bootstrap import web as composition
from socialcube.bootstrap.services import check_database, engine_options
from socialcube.db.session import prepare_sqlite
from socialcube.kernel.settings import Settings
from socialcube.web import (
    admin,
    api,
    auth,
    cli,
    errors,
    guard,
    health,
    manage,
    metrics,
    pictures,
    realtime,
    request_log,
    security,
    shell,
    well_known,
)
from socialcube.web.context import SERVICES, services_of
from socialcube.web.extensions import db, migrate
from socialcube.web.pages import (
    account,
    bots,
    command_plan,
    commands,
    files,
    filters,
    groups,
    guilds,
    home,
    invites,
    live,
    new_bot,
    token_keys,
)

MAX_BODY_BYTES: Final = 2 * 1024 * 1024
SQLITE_WAIT_MS: Final = 20
"""SQLite blocks the whole process while it waits for a lock; longer waits go on green, between tries."""

_PAGES: Final = (
    shell,
    filters,
    pictures,
    realtime,
    account,
    home,
    bots,
    new_bot,
    commands,
    command_plan,
    guilds,
    token_keys,
    groups,
    invites,
    live,
    files,
    manage,
    admin,
    api,
)

_MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"


def create_app(settings: Settings) -> Flask:
    """Make the application. It connects to nothing yet, so processes may fork from here.

    Args:
        settings: all that the environment decides.
    """
    app = Flask("socialcube.web")
    app.config.from_mapping(
        SECRET_KEY=settings.secret_keys[0].reveal(),
        SECRET_KEY_FALLBACKS=[key.reveal() for key in settings.secret_keys[1:]],
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SQLALCHEMY_DATABASE_URI=settings.database_url.reveal(),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings),
    )
    _believe_proxies(app, settings.web.trusted_proxies)
    _add_services(app, settings)
    request_log.init_app(app)
    security.init_app(app, settings)
    errors.init_app(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(metrics.blueprint)
    well_known.init_app(app)
    guard.public(app.view_functions["static"])
    auth.init_app(app)
    for part in _PAGES:
        part.init_app(app)
    cli.init_app(app)
    return app


def check_before_serving(app: Flask) -> None:
    """Look at the database once before the process listens, then let go of it.

    Raises:
        SocialCubeError: what is wrong with it, for the terminal.
    """
    shared = services_of(app).shared
    try:
        check_database(shared)
    finally:
        # A connection shared by two processes after the fork would mix up their answers.
        shared.engine.dispose()


def _believe_proxies(app: Flask, count: int) -> None:
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # Flask's documented way to add middleware
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _add_services(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(_MIGRATIONS))
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine, busy_timeout_ms=SQLITE_WAIT_MS)
    app.extensions[SERVICES] = composition.build(settings, engine=engine, session=db.session)
