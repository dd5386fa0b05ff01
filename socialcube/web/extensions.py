"""Flask's extensions, made once and bound to each application by `create_app`."""

from typing import Final

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from socialcube.db.base import Base

#: Objects stay readable after a commit, as everywhere else in the house.
db: Final = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate: Final = Migrate()
