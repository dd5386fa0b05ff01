"""Keys for programs: made by people, never worth more than their makers, shown once."""
