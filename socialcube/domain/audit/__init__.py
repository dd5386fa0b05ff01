"""What was changed by whom, written in the change's own transaction."""
