"""Pictures of the sandbox's first people, bots and guilds. What people make here has none, as on Discord."""
