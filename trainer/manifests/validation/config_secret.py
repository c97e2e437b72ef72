"""ConfigMap and Secret.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `ValidateConfigMap`,
`ValidateSecret`. Values of Secrets are never quoted.
"""

from __future__ import annotations

import base64
import binascii
import json

from trainer.manifests.validation.collect import At, Map, show
from trainer.manifests.validation.names import config_key
from trainer.manifests.values import mapping, text_mapping

_LARGEST = 1024 * 1024
_NEEDED = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
}
_JSON = {"kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson"}
_ACCOUNT = "kubernetes.io/service-account.name"


def config_map(at: At, data: Map) -> None:
    """A ConfigMap (`ValidateConfigMap`)."""
    plain, binary = text_mapping(data.get("data")), text_mapping(data.get("binaryData"))
    size = sum(len(value.encode()) for value in plain.values())
    for key in plain:
        _key(at / "data", key)
        if key in binary:
            at.say(f"The key {show(key)} is in `data` and in `binaryData`.", "binaryData", key)
    for key, value in binary.items():
        _key(at / "binaryData", key)
        size += len(_decoded(at / "binaryData", key, value) or b"")
    if size > _LARGEST:
        at.say(f"The ConfigMap has {size} bytes of data: 1048576 is the limit.")


def secret(at: At, data: Map) -> None:
    """A Secret (`ValidateSecret`); `stringData` counts as `data`, as the API server merges it."""
    contents: dict[str, bytes | None] = {}
    for key, value in text_mapping(data.get("data")).items():
        _key(at / "data", key)
        contents[key] = _decoded(at / "data", key, value)
    for key, value in text_mapping(data.get("stringData")).items():
        _key(at / "stringData", key)
        contents[key] = value.encode()
    if sum(len(value or b"") for value in contents.values()) > _LARGEST:
        at.say("The Secret has more than 1048576 bytes of data, which is the limit.", "data")
    _typed(at, data, contents)


def _typed(at: At, data: Map, contents: dict[str, bytes | None]) -> None:
    kind = data.get("type")
    field = "stringData" if data.get("stringData") and not data.get("data") else "data"
    if not isinstance(kind, str):
        return
    for key in _NEEDED.get(kind, ()):
        if key not in contents or (key == "ssh-privatekey" and contents[key] == b""):
            at.missing(field, key, why=f"a Secret of type `{kind}` has this key")
    if kind == "kubernetes.io/basic-auth" and not {"username", "password"} & set(contents):
        at.say(f"A Secret of type `{kind}` has `username` or `password`, or both.", field)
    if kind == "kubernetes.io/service-account-token":
        notes = text_mapping(mapping(data.get("metadata")).get("annotations"))
        if not notes.get(_ACCOUNT):
            steps = ("metadata", "annotations", _ACCOUNT)
            at.missing(*steps, why="a token Secret names its ServiceAccount in this annotation")
    if kind in _JSON:
        (key,) = _NEEDED[kind]
        if contents.get(key) is not None and not _is_object(contents[key] or b""):
            at.say(f"`{key}` holds no JSON object, which a Secret of type `{kind}` has.", field, key)


def _is_object(value: bytes) -> bool:
    try:
        return (loaded := json.loads(value)) is None or isinstance(loaded, dict)
    except (ValueError, RecursionError):
        return False


def _key(at: At, key: str) -> None:
    broken = config_key(key)
    if broken:
        at.say(f"The key {show(key)} is not valid: {broken}.", key)


def _decoded(at: At, key: str, value: str) -> bytes | None:
    """The bytes of a base64 value; None where it isn't one, which is reported without the value."""
    try:
        return base64.b64decode(value.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        fix = (
            "Encode it (`base64 -w0`), or write it plainly under `stringData`."
            if at.path[-1] == "data"
            else ""
        )
        at.say(f"The value of `{key}` isn't base64.", key, fix=fix)
        return None
