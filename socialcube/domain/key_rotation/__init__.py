"""Sealing everything to a newer key: which key closed how much, and the work of changing it."""
