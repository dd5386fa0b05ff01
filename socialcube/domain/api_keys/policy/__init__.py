"""Rules of API keys: how they are written, and how much one may do."""
