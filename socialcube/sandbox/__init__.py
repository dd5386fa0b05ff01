"""A local stand-in for Discord, for development and tests. It listens on loopback only."""
