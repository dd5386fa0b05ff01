"""Lists as files: who may take one away, what it holds, and how a cell stays harmless."""
