"""Lists as files: where their rows come from, and how the parts are written.

How to add a list: give it a name in `Source` with its permission and columns, and a function in `SOURCES`
that yields pages of rows.
"""
