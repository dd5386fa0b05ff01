"""Rules about people: what roles hold, who may give them, which names and codes are taken."""
