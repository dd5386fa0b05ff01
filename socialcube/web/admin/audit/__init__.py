"""The screens of the audit log: its lines in words, and what is known about its chain."""
