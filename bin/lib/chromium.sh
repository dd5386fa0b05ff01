#!/bin/sh
# Makes sure that the browser tests find a Chromium: the system's, else Playwright's own. Fails when there is none.
if [ -x /usr/bin/chromium ]; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests …"
    { apt-get install -y -qq chromium || { apt-get update -qq && apt-get install -y -qq chromium; }; } >/dev/null 2>&1
    if [ -x /usr/bin/chromium ]; then exit 0; fi
fi

echo "Fetching Chromium for the browser tests …"
python -m playwright install chromium >/dev/null 2>&1
