# Sourced by the scripts in bin/: goes to the checkout and sets PYTHON to an interpreter that is new enough.
cd "$(dirname "$0")/.." || exit 1

# A dozen processes start from the same files: without bytecode each of them compiles them all again.
unset PYTHONDONTWRITEBYTECODE

wanted=${PYTHON:-}
PYTHON=
for candidate in $wanted python3 python3.13 python3.12 python3.11 python3.14 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        PYTHON=$candidate
        break
    fi
    if [ -n "$wanted" ]; then break; fi
done

if [ -z "$PYTHON" ]; then
    found=$("${wanted:-python3}" -c 'import sys; print("Python %d.%d.%d" % sys.version_info[:3])' 2>/dev/null)
    echo "Social Cube needs Python 3.11 or newer, but ${wanted:-python3} here is ${found:-missing}. Install one, or name it: PYTHON=/path/to/python3.12 make run" >&2
    exit 1
fi
