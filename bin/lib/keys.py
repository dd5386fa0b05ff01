"""Prints new keys for a production environment. Nothing is stored here."""

import secrets

from bin.lib.key_pair import new_key_pair

_TEXT = """\
# For every process:
SECRET_KEY={secret_key}
AUDIT_KEY={audit_key}
TOKEN_SEALING_KEYS={sealing}

# For bot_runner.py alone. Keep a copy where only you can reach it: without it every bot token is lost.
# Either in that process's environment, or in a file with mode 0600 that TOKEN_OPENING_KEY_FILE names.
TOKEN_OPENING_KEY={opening}
"""


def main() -> None:
    """Print the signing keys and both halves of a pair for bot tokens."""
    pair = new_key_pair()
    made = {"secret_key": secrets.token_urlsafe(48), "audit_key": secrets.token_urlsafe(48)}
    print(_TEXT.format(**made, sealing=pair.sealing, opening=pair.opening), end="")


if __name__ == "__main__":
    main()
