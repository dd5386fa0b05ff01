import re

from bin.lib import sbom


def test_asvs_15_1_2_every_locked_package_is_listed_with_its_hashes() -> None:
    lock = (sbom.PROJECT / "requirements.txt").read_text()
    packages = sbom.read_packages(lock)
    pinned = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", lock, re.MULTILINE)
    assert len(pinned) > 50
    # One name may be pinned for several versions of Python.
    assert [(found["name"], found["version"]) for found in packages] == pinned
    assert [found["purl"] for found in packages] == [f"pkg:pypi/{name}@{pin}" for name, pin in pinned]
    hashes = [found["externalReferences"][0]["hashes"] for found in packages]
    assert all(hashes)
    assert sum(map(len, hashes)) == lock.count("--hash=sha256:")


def test_asvs_15_1_2_browser_code_is_listed_with_the_hash_of_its_file() -> None:
    components = {component["name"]: component for component in sbom.make_sbom()["components"]}
    client = components["socket.io-client"]
    assert client["licenses"] == [{"license": {"name": "MIT"}}]
    assert re.fullmatch(r"[0-9a-f]{64}", client["hashes"][0]["content"])


def test_the_format_says_what_it_is() -> None:
    made = sbom.make_sbom()
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert made["metadata"]["component"]["name"] == "socialcube"


def test_licences_come_from_what_is_installed() -> None:
    assert sbom.read_packages("flask==3.1.3 \\\n")[0]["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert "licenses" not in sbom.read_packages("no-such-package==1.0 \\\n")[0]
