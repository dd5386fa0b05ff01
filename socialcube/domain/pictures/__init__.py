"""Which pictures of the platform are ours to show."""
