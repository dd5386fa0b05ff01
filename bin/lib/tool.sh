#!/bin/sh
# Runs a tool of .venv, for the commit hooks: `bin/lib/tool.sh ruff check file.py`.
cd "$(dirname "$0")/../.." || exit 1
tool=$1
shift
exec ".venv/bin/$tool" "$@"
