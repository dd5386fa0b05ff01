"""Environments that configure a whole installation."""

SEALING_KEY = "k1:" + "A" * 43 + "="
OPENING_KEY = "k1:" + "B" * 42 + "E="

REQUIRED = {"SECRET_KEY": "s" * 32, "TOKEN_SEALING_KEYS": SEALING_KEY}

SANDBOX = {
    "SOCIALCUBE_ENV": "development",
    "SANDBOX_PORT": "15001",
    "SANDBOX_CONTROL_KEY": "c" * 16,
    "SANDBOX_CLIENT_ID": "5000",
    "SANDBOX_CLIENT_SECRET": "{braces}%",
}


def make_environ(**variables: str) -> dict[str, str]:
    """Give the least that `load_settings` accepts, with more on top. An empty text takes a variable away."""
    return {name: value for name, value in (REQUIRED | variables).items() if value}


def make_sandbox_environ(**variables: str) -> dict[str, str]:
    """Give what `make run` gives its processes."""
    return make_environ(**(SANDBOX | {"EMBEDDED_REDIS_PORT": "0"} | variables))
