"""Door 2: `celery -A celery_worker worker` and `celery -A celery_worker beat`."""

from celery import Celery

import config
from socialcube.kernel.settings import Settings
from socialcube.worker import app as worker


def make_celery(settings: Settings) -> Celery:
    """Make the Celery application."""
    return worker.make_celery(settings)


with config.exit_on_bad_settings():
    config.refuse_opening_key()
    app = make_celery(config.load_settings())
