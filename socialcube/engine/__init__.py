"""The low-code runtime: documents of steps in, answers and a trace out. Async, and it knows only ports."""
