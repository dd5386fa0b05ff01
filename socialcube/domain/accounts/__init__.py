"""People: who they are, their sessions, what they were granted, and the codes that let them in once."""
