"""Social Cube: a self-hosted admin panel that runs a fleet of Discord bots."""

__version__ = "0.1.0"

USER_AGENT = f"DiscordBot (https://github.com/socialcube/socialcube, {__version__})"
"""Who we are in every request to Discord, in the form that it asks for (API reference, "User Agent")."""
