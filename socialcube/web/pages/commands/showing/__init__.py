"""What the pages of a command show, worked out before any template sees it."""
