"""What moves on a page by itself: one socket for each open page, fed from the database.

Redis carries hints at most. Each process reads for its own sockets, so nothing arrives twice; a page
says from where it listens and fetches what lies between over HTTP, so nothing is missed.
"""

from socialcube.web.realtime.routes import init_app

__all__ = ["init_app"]
