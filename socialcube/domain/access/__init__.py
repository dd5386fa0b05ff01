"""Who may do what: one function decides for every door. Knows no feature."""
