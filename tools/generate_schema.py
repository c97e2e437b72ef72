"""Generates `trainer/manifests/schema/schemas/v<minor>.json.gz` from the published OpenAPI of Kubernetes.

    python tools/generate_schema.py 1.37

The OpenAPI comes from the `kubernetes-validate` package, which is downloaded into a temporary
folder (or read from `--wheel FILE`). It keeps the fields of every type with their types, which of
them are required, and the keys of lists that are maps. A field's type is one string:

=======================  ================================================================
`string` `bool` `int32`  scalars; also `int64` `number` `quantity` `int-or-string` `bytes`
                         (base64) `time` (RFC 3339) and `any` (not looked into)
`core.v1.Container`      another type of the file
`[]X` `{}X`              a list of X, an object whose values are X
`[=]X`                   a list that is a set
`[name,protocol]X`       a list that is a map with these keys
`!X`                     required, in front of any of these
=======================  ================================================================

Kinds of an alpha or beta version are named without a type: the API server does not serve these
versions by default (KEP 3136), so they are never decoded.

The definitions don't say whether a kind lives in a namespace. The paths of the OpenAPI do, and the
names of the methods that the official Python client has for them: `create_namespaced_pod`,
`create_node`. The client of the same version (37.* for 1.37) is downloaded too (or read from
`--client FILE`); a kind that it can't create or read, though the definitions have it, ends the run.

The descriptions of types and fields go to `descriptions.json.gz`, which is read only when somebody asks.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "trainer" / "manifests" / "schema" / "schemas"
DESCRIPTIONS = "descriptions.json.gz"
"""What types and fields mean, in the words of the OpenAPI: by version, what is new in it."""

SCALARS = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Patch": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "any",
}
"""Definitions that are written as a scalar, or in a form that depends on the value."""

FORMATS = {"int32": "int32", "int64": "int64", "byte": "bytes", "date-time": "time", "double": "number"}
PLAIN = {"string": "string", "boolean": "bool", "integer": "int64", "number": "number"}

NOT_CREATED = frozenset(
    [
        "APIGroup",
        "APIGroupList",
        "APIResourceList",
        "APIVersions",
        "DeleteOptions",
        "Eviction",
        "Scale",
        "Status",
        "TokenRequest",
        "WatchEvent",
    ]
)
"""Kinds that are responses, options or subresources: kubectl finds no resource for them."""


def main() -> int:
    """Write the schema of one minor version; exit 1 if the package does not contain it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("minor", help="the Kubernetes version, such as 1.37")
    parser.add_argument("--wheel", type=Path, help="a downloaded kubernetes-validate wheel")
    parser.add_argument("--client", type=Path, help="a downloaded wheel of the Python client")
    options = parser.parse_args()
    release = options.minor.rpartition(".")[2]
    with tempfile.TemporaryDirectory() as folder:
        wheel = options.wheel or _download(f"kubernetes-validate>={options.minor}.0", Path(folder) / "a")
        client = options.client or _download(f"kubernetes=={release}.*", Path(folder) / "b")
        definitions, scopes = _definitions(wheel, options.minor), read_scopes(client)
    data = reduced(definitions, options.minor, scopes)
    target = FOLDER / f"v{options.minor}.json.gz"
    _write(target, data)
    print(f"{target.name}: {len(data['kinds'])} kinds, {len(data['types'])} types, {_size(target)}")
    words = FOLDER / DESCRIPTIONS
    layers = json.loads(gzip.decompress(words.read_bytes())) if words.exists() else {}
    _write(words, layered(layers, options.minor, descriptions(definitions, data["types"])))
    print(f"{words.name}: {_size(words)}")
    return 0


def _write(target: Path, data: dict[str, Any]) -> None:
    text = json.dumps(data, separators=(",", ":"), sort_keys=True).encode()
    target.write_bytes(gzip.compress(text, 9, mtime=0))


def _size(target: Path) -> str:
    return f"{target.stat().st_size} bytes"


def descriptions(definitions: dict[str, Any], types: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """What each of the types (under "") and its fields mean, in the words of the OpenAPI."""
    found: dict[str, dict[str, str]] = {}
    for name, definition in definitions.items():
        if short(name) in types:
            texts = {"": definition.get("description", "")}
            texts |= {
                f: value.get("description", "") for f, value in definition.get("properties", {}).items()
            }
            found[short(name)] = {field: text for field, text in texts.items() if text}
    return found


def layered(
    layers: dict[str, dict[str, dict[str, str]]], minor: str, texts: dict[str, dict[str, str]]
) -> dict[str, dict[str, dict[str, str]]]:
    """The layers with one version replaced: the oldest is whole, a later one has what is new in it."""
    whole: dict[str, dict[str, dict[str, str]]] = {}
    below: dict[str, dict[str, str]] = {}
    for version in sorted(layers, key=_number):
        below = {
            name: {**below.get(name, {}), **fields} for name, fields in {**below, **layers[version]}.items()
        }
        whole[version] = below
    whole[minor] = texts
    made: dict[str, dict[str, dict[str, str]]] = {}
    below = {}
    for version in sorted(whole, key=_number):
        made[version] = {}
        for name, fields in whole[version].items():
            known = below.setdefault(name, {})
            changed = {field: text for field, text in fields.items() if known.get(field) != text}
            if changed:
                made[version][name] = changed
                known.update(changed)
    return made


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _download(requirement: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
    subprocess.run([*command, requirement], check=True, timeout=600)
    return next(folder.glob("*.whl"))


def _definitions(wheel: Path, minor: str) -> dict[str, Any]:
    with zipfile.ZipFile(wheel) as archive:
        pattern = re.compile(rf".*/v{re.escape(minor)}\.\d+-local/_definitions\.json")
        names = sorted(name for name in archive.namelist() if pattern.fullmatch(name))
        if not names:
            raise SystemExit(f"{wheel.name} has no definitions for Kubernetes {minor}")
        document = json.loads(archive.read(names[-1]))
    return dict(document.get("$defs") or document["definitions"])


def read_scopes(client: Path) -> dict[str, str]:
    """Kind in lower case -> `Namespaced` or `Cluster`, from the methods in a wheel of the Python client."""
    with zipfile.ZipFile(client) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"kubernetes/client/api/\w+\.py", name)]
        texts = [archive.read(name).decode() for name in names]
    methods = re.compile(r"^    def (?:create|read)_(namespaced_)?([a-z0-9_]+)\(", re.MULTILINE)
    return {
        match[2].replace("_", ""): "Namespaced" if match[1] else "Cluster"
        for text in texts
        for match in methods.finditer(text)
    }


def reduced(definitions: dict[str, Any], minor: str, scopes: dict[str, str]) -> dict[str, Any]:
    """The reduced schema: `kinds` ("apps/v1 Deployment" -> [type, scope]) and `types`.

    Ends the run where `scopes` (see `read_scopes`) doesn't know a kind.
    """
    kinds: dict[str, list[str]] = {}
    types: dict[str, dict[str, str]] = {}
    waiting: list[str] = []
    for name, definition in definitions.items():
        for gvk in definition.get("x-kubernetes-group-version-kind", ()):
            kind = gvk["kind"]
            if kind in NOT_CREATED or (kind.endswith("List") and "items" in definition["properties"]):
                continue
            scope = scopes.get(kind.lower())
            if scope is None:
                raise SystemExit(f"the client neither creates nor reads {kind}: is it of version {minor}?")
            group = f"{gvk['group']}/" if gvk["group"] else ""
            served = "alpha" not in gvk["version"] and "beta" not in gvk["version"]
            kinds[f"{group}{gvk['version']} {kind}"] = [short(name) if served else "", scope]
            if served:
                waiting.append(name)
    while waiting:
        name = waiting.pop()
        if short(name) in types:
            continue
        types[short(name)] = fields = {}
        definition = definitions[name]
        required = set(definition.get("required", ()))
        for field, value in definition.get("properties", {}).items():
            mark = "!" if field in required else ""
            fields[field] = mark + type_text(value, waiting)
    return {"kubernetes": minor, "kinds": kinds, "types": types}


def short(name: str) -> str:
    """`io.k8s.api.core.v1.Pod` as `core.v1.Pod`."""
    return ".".join(name.split(".")[-3:])


def type_text(value: dict[str, Any], waiting: list[str]) -> str:
    """A property's type in the notation above; types that it names are added to `waiting`."""
    reference = value.get("$ref", "").rpartition("/")[2]
    if reference:
        if reference not in SCALARS:
            waiting.append(reference)
        return SCALARS.get(reference) or short(reference)
    names = value.get("type")
    name = next(n for n in names if n != "null") if isinstance(names, list) else names
    if name == "array":
        return _list_mark(value) + type_text(value["items"], waiting)
    if name == "object":
        items = value.get("additionalProperties")
        return "{}" + type_text(items, waiting) if isinstance(items, dict) else "any"
    return FORMATS.get(value.get("format", "")) or PLAIN.get(name or "", "any")


def _list_mark(value: dict[str, Any]) -> str:
    if value.get("x-kubernetes-list-type") == "set":
        return "[=]"
    merge_key = value.get("x-kubernetes-patch-merge-key")
    keys = value.get("x-kubernetes-list-map-keys") or ([merge_key] if merge_key else [])
    return f"[{','.join(keys)}]"


if __name__ == "__main__":
    sys.exit(main())
