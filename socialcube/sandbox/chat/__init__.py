"""The chat page: a place to try bots as a demo person, without an account anywhere."""
