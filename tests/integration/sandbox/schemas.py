"""Discord's own descriptions of its API and gateway, as checks for what the sandbox says.

They are data beside the checkout, not part of it; without them the checks are skipped.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7, DRAFT202012

FOLDER: Final = Path(__file__).resolve().parents[3].parent / "shared" / "discord"
MISSING: Final = f"Discord's schemas are not in {FOLDER}"
FOUND: Final = (FOLDER / "openapi.json").is_file() and (FOLDER / "gateway.schema.json").is_file()


def check_answer(method: str, path: str, status: int, value: Any) -> None:
    """Hold a REST answer to the OpenAPI description. `path` is below the version and has no query."""
    operation = _operation(method.lower(), path)
    assert operation is not None, f"{method} {path} is not in Discord's description"
    template, responses = operation
    key = str(status) if str(status) in responses else f"{str(status)[0]}XX"
    assert key in responses, f"{method} {path} never answers {status}"
    if status == 204:
        assert value is None
        return
    response = responses[key]
    if "$ref" in response:
        pointer = f"{response['$ref'][1:]}/content/application~1json/schema"
    else:
        parts = ("paths", template, method.lower(), "responses", key, "content", "application/json", "schema")
        pointer = "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)
    _check("openapi", pointer, value)


def check_frame(definition: str, value: Any) -> None:
    """Hold a gateway frame, or what an event carries, to a definition of the gateway's schema."""
    _check("gateway", f"/definitions/{definition}", value)


def _check(document: str, pointer: str, value: Any) -> None:
    schema = {"$ref": f"urn:{document}#{quote(pointer)}"}
    # OpenAPI 3.1 is written in 2020-12; the gateway's schema says draft 7 of itself.
    kind = Draft202012Validator if document == "openapi" else Draft7Validator
    validator = kind(schema, registry=_registry())
    errors = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]
    assert not errors, errors


@cache
def _registry() -> Registry[Any]:
    api = json.loads((FOLDER / "openapi.json").read_text())
    # The description calls the code of a field's problem an integer; the documentation, whose examples
    # show "BASE_TYPE_REQUIRED", is right ("Reference" > "Error Messages").
    problem = api["components"]["schemas"]["InnerErrors"]["properties"]["_errors"]
    problem["items"] = {
        "type": "object",
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        "required": ["code", "message"],
    }
    gateway = json.loads((FOLDER / "gateway.schema.json").read_text())
    # TypeScript's enumerations of bits became lists of single bits; a field may hold several or none.
    for name in gateway["definitions"]:
        if name.endswith("Flags"):
            gateway["definitions"][name] = {"type": "integer"}
    return Registry().with_resources(
        [
            ("urn:openapi", DRAFT202012.create_resource(api)),
            ("urn:gateway", DRAFT7.create_resource(gateway)),
        ]
    )


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Give each path as a pattern; those with the fewest parameters come first."""
    paths = sorted(_registry().contents("urn:openapi")["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path) for path in paths]


def _operation(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    for pattern, template in _patterns():
        operations = _registry().contents("urn:openapi")["paths"][template]
        if pattern.fullmatch(path) and method in operations:
            return template, operations[method]["responses"]
    return None
