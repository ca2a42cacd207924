"""The JSON Schemas that ship with the package, ready to hold documents against."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from support import ROOT

FOLDER = ROOT / "learnpath" / "schemas"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def schema(name: str) -> dict[str, Any]:
    """One schema as it is written."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


@cache
def _validator(name: str) -> Draft202012Validator:
    resources = [(f"{n}.json", Resource.from_contents(schema(n))) for n in NAMES]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(schema(name), registry=registry)


def valid(name: str, text: str) -> Any:
    """The document in `text`, held against the schema `name`."""
    document = json.loads(text)
    _validator(name).validate(document)
    return document
