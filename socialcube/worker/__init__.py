"""Shell 2: Celery. Does jobs, re-sends lost ones, and runs what the clock asks for."""
