"""Request bodies held to Discord's rules. A broken one becomes Discord's nested 50035 error."""
