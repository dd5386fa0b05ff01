"""What holds for the whole installation."""
