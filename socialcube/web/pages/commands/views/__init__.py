"""The views of a command, a file for each thing that can be done."""
