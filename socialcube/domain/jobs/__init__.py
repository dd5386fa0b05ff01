"""Work that another process does: asked in the asker's transaction, answered in a row."""
