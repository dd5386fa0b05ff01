"""`wsgi.py` with one more address, whose answer takes two seconds."""

import sys

import eventlet

eventlet.monkey_patch()

import time  # noqa: E402 - after the patch, as in wsgi.py
from pathlib import Path  # noqa: E402 - as above

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from flask import Flask  # noqa: E402 - as above

import wsgi  # noqa: E402 - as above
from socialcube.kernel.settings import Settings  # noqa: E402 - as above
from socialcube.web import app as web  # noqa: E402 - as above

_create_app = web.create_app


def create_app(settings: Settings) -> Flask:
    """Make the application with `/slow`."""
    app = _create_app(settings)

    @app.get("/slow")
    def slow() -> str:
        time.sleep(2)
        return "slow but sure"

    return app


web.create_app = create_app
sys.exit(wsgi.main())
