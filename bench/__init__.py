"""Measurements against the raw way of doing the same, each with its own check that nothing was lost."""
