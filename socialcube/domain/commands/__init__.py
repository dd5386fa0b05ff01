"""Slash commands as data: draft, published versions, and what Discord knows of them."""
