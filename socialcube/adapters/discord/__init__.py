"""Discord, on py-cord. Where the library would harm a fleet, a subclass here takes its place."""
