"""Social Cube: a self-hosted admin panel that runs a fleet of Discord bots."""

__version__ = "0.1.0"
