"""Signing in with the sandbox: consent page, one-time codes, access tokens."""
