"""What the home page says: figures, what they were before, and what needs people."""
