"""Examples made from schemas, so that they cannot grow old."""

from typing import Any, Final

_UUID: Final = "01976f4a-3c1e-7b52-9d4e-5a8f0c2b7e61"
_MOMENT: Final = "2026-03-14T15:09:26Z"
_BY_FORMAT: Final = {"uuid": _UUID, "date-time": _MOMENT}
_PLAIN: Final = {"string": "…", "integer": 7, "number": 42.5, "boolean": True, "null": None}


class Sampler:
    """Makes example values.

    Args:
        schemas: those that others refer to, by name.
    """

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas = schemas

    def sample(self, schema: dict[str, Any]) -> Any:
        """Give a value that the schema allows."""
        if "$ref" in schema:
            return self.sample(self._schemas[schema["$ref"].rpartition("/")[2]])
        if "examples" in schema:
            return schema["examples"][0]
        if "anyOf" in schema:
            return self.sample(schema["anyOf"][0])
        if "enum" in schema:
            return schema["enum"][0]
        if "const" in schema:
            return schema["const"]
        return self._of_type(schema)

    def _of_type(self, schema: dict[str, Any]) -> Any:
        kind = schema.get("type")
        if kind == "object":
            return {name: self.sample(inner) for name, inner in schema.get("properties", {}).items()}
        if kind == "array":
            return [self.sample(schema["items"])]
        return _BY_FORMAT.get(schema.get("format", ""), _PLAIN.get(str(kind)))
