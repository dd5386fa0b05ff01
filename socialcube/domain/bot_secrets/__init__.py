"""Secrets of bots for HTTP steps: sealed, write-only, each bound to one host."""
