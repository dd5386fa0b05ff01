"""Records as Discord's JSON: snowflakes are strings, times ISO 8601. Held to Discord's OpenAPI by tests."""
