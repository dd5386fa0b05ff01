"""Bots at work on their platforms. `base.py` is what the fleet sees; each folder is one platform."""
