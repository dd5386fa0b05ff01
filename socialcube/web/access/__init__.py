"""What the screens of people share: places and roles to choose from, the table of who may do what."""
