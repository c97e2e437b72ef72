"""Where a document's secrets are: of each scalar, whether it's hidden, and how certain that is.

A document that holds secrets by its kind (Secret, EncryptionConfiguration, kubeconfig, in any case,
misspelled, or told only by its fields) shows what is on a short list; everything else is hidden.
Other documents hide what a name or the value's shape tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, IntEnum

from trainer.grading.secret_kinds import Mode, is_api_version, is_kind, is_known_kind, mode_of, values_of
from trainer.grading.secret_words import (
    assigned,
    bare,
    comment_tells,
    decoded,
    holds_document,
    is_harmless,
    is_long_random,
    is_secret_name,
    is_shaped,
    may_tell,
    shaped,
)
from trainer.manifests.reading.tokens import Node, Unreadable, read_tokens
from trainer.patterns import regex

Place = tuple[str, ...]
"""The bare keys on the way to a node, from the object that decides its mode; indexes are left out."""


class Fate(Enum):
    """What becomes of a scalar."""

    KEPT = "kept"
    NAME = "name"
    """Kept, and no secret elsewhere in the document either: the name of a Secret, its Namespace."""
    DOUBTFUL = "doubtful"
    """Hidden where it's written; in sentences only if it isn't a common word."""
    SECRET = "secret"  # noqa: S105 - what a value is
    PARTLY = "partly"
    """Hidden where it's written; secret are only the parts that `parts` finds."""


class Named(IntEnum):
    """What the name of a field says of what is below it."""

    NO = 0
    FIELD = 1
    """A text is a secret; a mapping only says where one is."""
    WHOLLY = 2
    """Everything is one: the value of a variable."""


class Placed:
    """A scalar or an alias, and what becomes of it. `is_key` tells a mapping's key."""

    __slots__ = ("fate", "is_key", "mode", "node")

    def __init__(self, node: Node, fate: Fate, mode: Mode, *, is_key: bool = False) -> None:
        self.node, self.fate, self.mode, self.is_key = node, fate, mode, is_key


_NAME = regex(r"[A-Za-z0-9.*/_-]{0,80}\Z")
_TYPE = regex(r"Opaque\Z|(?:kubernetes|bootstrap\.kubernetes|helm)\.(?:io|sh)/[a-z0-9./-]+\Z")
_KEY = regex(r"(?:[A-Za-z0-9._/-]{1,80}|<<)\Z")
_STRUCTURED = regex(
    r"^[^\S\n]*[\"']?(?:kind|apiVersion|metadata|users|data|stringData)[\"']?\s*:",
    re.MULTILINE | re.IGNORECASE,
)
_ENCODED_FROM = 12
"""From this number of characters, a text that could be base64 is decoded and looked at."""
_KIND = regex(r"^[^\S\n]*(?:-[^\S\n]+)*[\"']?kind[\"']?\s*:\s*[\"']?([A-Za-z]+)", re.MULTILINE)
_RESOURCE = regex(r"[a-z0-9.*/-]{1,63}\Z")

_USER = "clientcertificate clientcertificatedata clientkey tokenfile username as asuid asgroups"
_CLUSTER = (
    "server certificateauthority certificateauthoritydata insecureskiptlsverify tlsservername proxyurl"
    " disablecompression"
)
_KUBECONFIG_SHOWN = frozenset(
    {("currentcontext",), ("preferences", "colors"), ("users", "user", "authprovider", "name")}
    | {(one, "name") for one in ("users", "clusters", "contexts")}
    | {("users", "user", one) for one in _USER.split()}
    | {("clusters", "cluster", one) for one in _CLUSTER.split()}
    | {("contexts", "context", one) for one in ("cluster", "user", "namespace")}
    | {
        ("users", "user", "exec", one)
        for one in ("apiversion", "command", "interactivemode", "provideclusterinfo")
    }
)
"""Where a kubeconfig has what stays visible."""


def places(root: Node, otherwise: Mode = Mode.PLAIN) -> Iterator[Placed]:
    """Every scalar and alias below a document's root, and what becomes of it.

    `otherwise` is the mode of a document that has no kind.
    """
    first = Mode.PLAIN if root.pairs is not None else otherwise
    waiting: list[tuple[Node, Mode, Place, Named]] = [(root, first, (), Named.NO)]
    is_root = True
    # Of a kind that nobody knows, a mapping with a telling name isn't a reference to a Secret.
    is_strange = bool(values_of(root, "kind")) and not any(
        is_known_kind(bare(kind)) for kind in values_of(root, "kind")
    )
    while waiting:
        node, mode, place, named = waiting.pop()
        if node.pairs is not None:
            before = mode
            if mode is Mode.PLAIN:
                mode = mode_of(node, is_root=is_root)
                if is_root and mode is Mode.PLAIN and not values_of(node, "kind"):
                    mode = otherwise
            if mode is not before:
                place = ()
            for key, value, telling in _pairs(node, place):
                name = key.value if key.value is not None and not key.is_alias else ""
                plain = bare(name)
                if key.pairs is not None or key.items is not None:
                    waiting.append((key, mode, (*place, ""), named))
                else:
                    fate = Fate.SECRET if named is Named.WHOLLY else _fate_of_key(key, value, mode, place)
                    yield Placed(key, fate, mode, is_key=True)
                inner = (
                    Mode.SECRET
                    if mode is Mode.PLAIN and _is_data_of_unknown(node, name, is_root=is_root)
                    else mode
                )
                where = ("data",) if inner is not mode else (*place, plain)
                wholly = telling and (plain == "value" or is_strange)
                below = Named.WHOLLY if wholly or named is Named.WHOLLY else Named.NO
                if telling or (named is Named.FIELD and plain in ("value", "plain", "text")):
                    below = max(below, Named.FIELD)
                waiting.append((value, inner, where, below))
        elif node.items is not None:
            before_it = ["", *(item.value or "" for item in node.items)]
            waiting += [
                (item, mode, place, Named.FIELD if _is_option(before) else named)
                for before, item in zip(before_it, node.items, strict=False)
            ]
        else:
            yield Placed(node, _fate(node, mode, place, is_named=bool(named)), mode)
        is_root = False


def with_targets(placed: list[Placed], root: Node) -> list[Placed]:
    """What is below an anchor is a secret, too, if an alias of it is where a secret belongs."""
    wanted = {one.node.value for one in placed if one.node.is_alias and one.fate is not Fate.KEPT}
    if not wanted:
        return placed
    below: set[int] = set()
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, inside = waiting.pop()
        inside = inside or (bool(node.anchor) and node.anchor in wanted)
        if inside:
            below.add(id(node))
        waiting += [(value, inside) for _, value in node.pairs or ()]
        waiting += [(item, inside) for item in node.items or ()]
    for one in placed:
        if id(one.node) in below and not one.node.is_alias and one.node.value:
            one.fate = Fate.SECRET
    return placed


def parts(value: str) -> Iterator[str]:
    """The secret parts of a text that isn't secret as a whole."""
    yield from shaped(value)
    for start, end in assigned(value):
        yield value[start:end].strip("\\\"'")


def _pairs(node: Node, place: Place) -> Iterator[tuple[Node, Node, bool]]:
    """The keys and values of a mapping, and whether the key, or a `name` beside a `value`, tells a secret."""
    names = [*values_of(node, "name"), *values_of(node, "key")]
    variable = any(is_secret_name(name, anywhere=True) for name in names)
    is_data = place[-1:] == ("data",)
    for key, value in node.pairs or ():
        name = key.value or ""
        telling = is_secret_name(name, anywhere=is_data or _is_variable(name))
        yield key, value, telling or (variable and bare(name) == "value")


def _is_option(word: str) -> bool:
    """Whether the next word of a command is a secret: `--password`."""
    return word.startswith("-") and "=" not in word and is_secret_name(word, anywhere=True)


def _is_variable(name: str) -> bool:
    """Whether a key is written as variables and files are, and no field of the API: `DB_PASSWORD_2`."""
    return name.isupper() or "_" in name or "." in name


def _is_data_of_unknown(node: Node, name: str, *, is_root: bool) -> bool:
    """Whether a key is the data of an object of which nothing says that it isn't a Secret."""
    if bare(name) not in ("data", "binarydata", "dat", "datas"):
        return False
    is_object = is_root or any(
        bare(key.value or "") in ("apiversion", "metadata") for key, _ in node.pairs or ()
    )
    return is_object and not any(is_known_kind(bare(kind)) for kind in values_of(node, "kind"))


def _fate_of_key(key: Node, value: Node, mode: Mode, place: Place) -> Fate:
    text = key.value or ""
    if key.is_alias:
        return Fate.KEPT if mode is Mode.PLAIN else Fate.DOUBTFUL
    if is_shaped(text) or (" " in text and holds_document(text)):
        return Fate.SECRET
    if mode is Mode.PLAIN:
        return Fate.SECRET if next(assigned(text), None) else Fate.KEPT
    if _is_for_text(mode, place):
        return Fate.SECRET
    is_alone = value.value == "" and value.start == value.end and not value.is_alias
    # `{password:x}` and `? x` are keys without a value.
    return (
        Fate.SECRET
        if not _KEY.match(text) or (is_alone and mode is Mode.SECRET and not _is_field(text))
        else Fate.KEPT
    )


def _is_for_text(mode: Mode, place: Place) -> bool:
    """Whether a mapping is where a text belongs, so that its keys may be the text."""
    if mode is not Mode.SECRET:
        return bool(place) and place[-1] not in _STRUCTURE
    while place[:1] == ("items",):
        place = place[1:]
    return len(place) > 1 and place[0] != "metadata"


_STRUCTURE = frozenset(
    "items metadata labels annotations resources providers aescbc aesgcm secretbox kms identity keys clusters"
    " cluster users user contexts context exec env authprovider config preferences extensions".split()
)


def _is_field(key: str) -> bool:
    return bare(key) in _FIELDS


_FIELDS = frozenset(
    "apiversion kind metadata data stringdata type immutable name namespace labels annotations items password"
    " username token tlscrt tlskey dockerconfigjson sshprivatekey key user secret cacrt".split()
)


def _fate(node: Node, mode: Mode, place: Place, *, is_named: bool) -> Fate:
    value = node.value or ""
    if node.is_alias:
        return Fate.KEPT if mode is Mode.PLAIN and not is_named else Fate.DOUBTFUL
    if not value.strip():
        return Fate.KEPT
    if mode is Mode.PLAIN:
        return _fate_in_plain(value, place, is_named=is_named)
    if is_shaped(value):
        return Fate.SECRET
    if mode is Mode.SECRET:
        return _fate_in_secret(value, place)
    name = place[-1] if place else ""
    if name == "apiversion":
        return _kept(is_api_version(value))
    if name == "kind":
        return _kept(is_kind(value))
    if "metadata" in place:
        is_name = name in ("name", "namespace") and _NAME.match(value) is not None
        return Fate.KEPT if is_name else Fate.DOUBTFUL
    shown = _is_shown_in_encryption if mode is Mode.ENCRYPTION else _is_shown_in_kubeconfig
    return _kept(shown(value, name, place))


def _kept(is_kept: bool) -> Fate:
    return Fate.KEPT if is_kept else Fate.SECRET


def _fate_in_plain(value: str, place: Place, *, is_named: bool) -> Fate:
    if is_named:
        return _kept(is_harmless(value))
    name = place[-1] if place else ""
    if is_long_random(value, name) or holds_document(value) or _is_secret_inside(value):
        return Fate.SECRET
    if not place and may_tell(value) and "\n" not in value:
        return Fate.SECRET  # a text that isn't a manifest
    if (plain := decoded(value) if len(value) >= _ENCODED_FROM else "") and _fate_in_plain(
        plain, (), is_named=False
    ) is not Fate.KEPT:
        return Fate.SECRET
    return Fate.PARTLY if next(parts(value), None) is not None else Fate.KEPT


def _is_shown_in_encryption(value: str, name: str, place: Place) -> bool:
    if name == "resources":
        return _RESOURCE.match(value) is not None
    is_field = place[-2:] == ("keys", "name") or (
        place[-2:-1] == ("kms",) and name in ("name", "endpoint", "timeout", "cachesize")
    )
    is_plain = _NAME.match(value) is not None or "://" in value
    return is_field and is_plain and not is_long_random(value, "key")


def _is_shown_in_kubeconfig(value: str, name: str, place: Place) -> bool:
    while place[:1] == ("items",):
        place = place[1:]
    is_key = name == "clientkey" and is_long_random(value, name)  # the key itself, not its file
    return place in _KUBECONFIG_SHOWN and not is_key and "\n" not in value.strip()


def is_harmless_document(text: str) -> bool:
    """Whether nothing of a document could be a secret: its kind is a known one, and no word tells."""
    kinds = _KIND.findall(text)
    return not may_tell(text) and bool(kinds) and all(is_known_kind(bare(one)) for one in kinds)


def _is_secret_inside(value: str) -> bool:
    """Whether a text is a document in itself (a file in a ConfigMap, JSON) that has secrets."""
    if not ("\n" in value or value.lstrip()[:1] in ("{", "[")):
        return False
    if not may_tell(value) and (is_harmless_document(value) or not _STRUCTURED.search(value)):
        return False
    if any(comment_tells(line.partition("#")[2]) for line in value.splitlines() if "#" in line):
        return True
    try:
        root = read_tokens(value)
    except Unreadable:
        return bool(_STRUCTURED.search(value))
    if root is None or (root.pairs is None and root.items is None):
        return False
    return any(one.mode is not Mode.PLAIN or one.fate not in (Fate.KEPT, Fate.PARTLY) for one in places(root))


def _fate_in_secret(value: str, place: Place) -> Fate:
    while place[:1] == ("items",):
        place = place[1:]
    if place in (("metadata", "name"), ("metadata", "namespace"), ("metadata", "generatename")):
        return Fate.NAME if _NAME.match(value) else Fate.SECRET
    if place == ("kind",):
        return _kept(is_kind(value))
    if place == ("apiversion",):
        return _kept(is_api_version(value))
    if place == ("type",):
        return _kept(_TYPE.match(value) is not None)
    if place == ("immutable",) and is_harmless(value):
        return Fate.KEPT
    if place[:1] == ("metadata",) and "lastapplied" not in place[-1] and not holds_document(value):
        return Fate.DOUBTFUL
    return Fate.SECRET
