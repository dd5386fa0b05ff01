"""Discord's gateway, version 10, JSON, with or without zlib-stream."""
