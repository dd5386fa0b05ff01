"""Servers, their channels and roles as last seen, and what each bot may do there."""
