"""Shell 3: the asyncio process that runs bots. It owns them by lease and lets go when in doubt."""
