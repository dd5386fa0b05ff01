"""Door 3: the runner of bots. The only door that reads the key which opens bot tokens."""

import asyncio
import sys

import config
from socialcube.fleet.main import main
from socialcube.infra import console_log

if __name__ == "__main__":
    with config.exit_on_bad_settings():
        settings = config.load_settings()
        opening_keys = config.load_opening_keys()
    console_log.configure(settings.log_level)
    sys.exit(asyncio.run(main(settings, opening_keys)))
