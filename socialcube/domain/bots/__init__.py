"""Bots, what is wanted of them and what was seen of them."""
