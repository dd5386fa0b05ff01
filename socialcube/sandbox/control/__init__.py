"""The control door: tests and benches look at what happened and make things go wrong."""
