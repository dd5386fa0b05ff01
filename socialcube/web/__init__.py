"""Shell 1: Flask. Health, the home page and the command line."""
