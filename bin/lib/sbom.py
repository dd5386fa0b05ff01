"""Lists what an installation consists of, as CycloneDX 1.6: `python -m bin.lib.sbom`.

The locks and the table of vendored browser code say it all, so the list is the same wherever it is made.
Source of the format: CycloneDX 1.6 JSON reference, `components`.
"""

import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from bin.lib.plain_errors import plain_errors
from socialcube import __version__

PROJECT: Final = Path(__file__).resolve().parents[2]
TARGET: Final = PROJECT / "dist" / "sbom.cdx.json"

_LONGEST_LICENCE: Final = 80
_PIN: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ROW: Final = re.compile(
    r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| `([^`|]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE
)


def make_sbom() -> dict[str, Any]:
    """Make the list: packages of the running system, then browser code, each with its hashes."""
    packages = read_packages((PROJECT / "requirements.txt").read_text())
    browser_code = read_vendored((PROJECT / "docs" / "reference" / "vendored.md").read_text())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "socialcube", "version": __version__},
        },
        "components": packages + browser_code,
    }


def read_packages(lock: str) -> list[dict[str, Any]]:
    """Give a component for each pin of a lock."""
    components: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if found := _PIN.match(line):
            components.append(_package(found["name"], found["version"]))
        if components:
            # Each is of one file of many: which of them is installed depends on the machine.
            components[-1]["externalReferences"][0]["hashes"] += map(_sha256, _HASH.findall(line))
    return components


def read_vendored(table: str) -> list[dict[str, Any]]:
    """Give a component for each row of the table of vendored browser code."""
    return [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:npm/{name}@{version}",
            "licenses": [{"license": {"name": licence}}],
            "hashes": [_sha256(digest)],
            "properties": [{"name": "socialcube:file", "value": path}],
        }
        for name, version, licence, path, digest in _ROW.findall(table)
    ]


def _package(name: str, version: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    licence = _licence_of(name)
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": purl,
        **({"licenses": [{"license": {"name": licence}}]} if licence else {}),
        "externalReferences": [{"type": "distribution", "url": purl, "hashes": []}],
    }


def _licence_of(name: str) -> str:
    """Give the licence that an installed package names, empty when it names none in one line."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    words = str(found["License-Expression"] or found["License"] or "")
    return words if "\n" not in words and len(words) <= _LONGEST_LICENCE else ""


def _sha256(digest: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": digest}


def main() -> None:
    """Write the file."""
    TARGET.parent.mkdir(exist_ok=True)
    sbom = make_sbom()
    TARGET.write_text(json.dumps(sbom, indent=2) + "\n")
    print(f"{TARGET.relative_to(PROJECT)}: {len(sbom['components'])} components")


if __name__ == "__main__":
    with plain_errors():
        main()
