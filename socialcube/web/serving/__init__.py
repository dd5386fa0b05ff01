"""How the web process listens, forks and ends. The server itself is chosen in `wsgi.py`."""
