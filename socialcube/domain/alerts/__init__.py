"""Tells people when a bot stops, keeps crashing, needs them or lost Discord, and when it is back."""
