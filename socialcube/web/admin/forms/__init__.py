"""Forms of generated screens: what is typed is never lost, and only services write."""
