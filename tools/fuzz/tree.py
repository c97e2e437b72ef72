"""Documents as trees that can be changed: they have duplicate keys, odd keys, and raw YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st

MOST_NODES = 20_000
"""A change that makes a tree larger is left out: limits have their own inputs."""

_LARGEST = 2**63

Op = Sequence[Any]
"""A change: its name, two numbers that choose nodes, and one that chooses an odd value."""


class Raw(msgspec.Struct, frozen=True):
    """Text that is written as it is, valid inside flow style."""

    text: str


class Map(msgspec.Struct):
    """A mapping whose keys may repeat, and may be anything."""

    pairs: list[list[Any]]


_SNIPPETS = re.split(
    r"\s+##\s+",
    r"""
    .nan ## .inf ## -.inf ## 2001-01-01 ## 2001-01-01T00:00:00Z ## 12:30:45 ## 0o17 ## 017 ##
    1_000 ## 0b101 ## 1e400 ## -1e400 ## yes ## NO ## On ## = ## << ## !!binary aGk= ##
    !!binary "?" ## !!timestamp 2001-01-01 ## !!set {a, b} ## !!omap [a: 1] ##
    !!python/object:os.system x ## !own x ## !!str 5 ## !!int "5" ## !!float 5 ## !!bool yes ##
    !!null "" ## ! x ## !!map [a] ## !!seq {a: b} ## !!str [a] ## &a [*a] ## *none ## &b x ##
    &c {d: *c} ## "\ud800" ## "\u0000" ## "\uD83D\uDE00" ## {<<: {a: 1}} ## {<<: [1]} ## {<<: x} ##
    {1: a} ## {null: a} ## {true: a} ## {1.5: a} ## {[a]: b} ## {{a: b}: c} ## {? a} ##
    [? a : b] ## {a: 1, a: 2} ## 'a''b' ## [a,] ## {a,}
    """.strip(),
)
"""What only YAML can say."""

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 5, 443, 65536, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 0.5, 1e300),
    *(
        "",
        " ",
        "a",
        "*",
        "0",
        "80",
        "-1",
        "true",
        "null",
        "~",
        "2024-01-01",
        "1e3",
        "0x10",
        "/",
        "..",
        "a/b/c",
    ),
    *("system:masters", "default", "0.0.0.0/0", "::/0", "10.0.0.0/33", "$(X)", "%s", "{}", "[", "é", "名前"),
    *(
        "\u0000",
        "\u202e",
        "\x1b[31m",
        "x" * 300,
        "a\nb\n",
        "-----BEGIN CERTIFICATE-----",
        "AAAA",
        "=",
        "http://[::1",
    ),
    *([], [None], [[]], ["*"], [1], [True], [[["x"]]]),
    *(
        Map([]),
        Map([["", None]]),
        Map([["a", Map([["b", []]])]]),
        Map([["*", "*"]]),
        [Map([])],
        Map([["name", "a"]]),
    ),
    *(Raw(text) for text in _SNIPPETS),
    Raw('"a\\\n  b"'),
    Raw("9" * 5000),
    Raw(f"{'[' * 90}{']' * 90}"),
    Raw(f"{'[' * 120}{']' * 120}"),
)
"""Values that somebody writes by mistake or on purpose, and that a reader may not expect."""

NAMES = (
    *"name namespace kind apiVersion metadata spec items rules subjects verbs resources data action".split(),
    *("", "Name", "a.b", "a/b", "*", "é", "metadata.name", "0", "__class__", "x" * 300),
)
"""What a key may become."""

OPS = (
    *(
        "set",
        "set",
        "set",
        "drop",
        "drop",
        "wrap",
        "wrap-in-map",
        "unwrap",
        "repeat",
        "swap",
        "copy",
        "rename",
    ),
    *("rename", "again", "case", "nest", "cut", "stretch", "shuffle", "number", "text", "empty"),
)


def ops(most: int = 5) -> st.SearchStrategy[list[tuple[str, int, int, int]]]:
    """One to `most` changes."""
    place = st.integers(0, 4095)
    one = st.tuples(st.sampled_from(OPS), place, place, st.integers(0, len(ODD) - 1))
    some = st.lists(one, min_size=1, max_size=most)
    return st.one_of(st.lists(one, min_size=1, max_size=1), some)


def tree_of(value: Any) -> Any:
    """A parsed value as a tree of its own."""
    if isinstance(value, dict):
        return Map([[key, tree_of(item)] for key, item in value.items()])
    if isinstance(value, list):
        return [tree_of(item) for item in value]
    return value


def copied(node: Any) -> Any:
    """The same tree, to be changed alone."""
    if isinstance(node, Map):
        return Map([[copied(key), copied(item)] for key, item in node.pairs])
    return [copied(item) for item in node] if isinstance(node, list) else node


def slots(root: list[Any]) -> list[tuple[list[Any], int]]:
    """Every place of the tree that holds a value, as a list and the index in it."""
    found: list[tuple[list[Any], int]] = []
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Map):
            for pair in node.pairs:
                found.append((pair, 1))
                waiting.append(pair[1])
        elif isinstance(node, list):
            for index, item in enumerate(node):
                found.append((node, index))
                waiting.append(item)
    return found


def raws(node: Any) -> Iterator[Any]:
    """Everything in a tree that doesn't mean the same in every form: raw text, keys that repeat or aren't
    text, numbers that readers of YAML and of JSON take differently."""
    if isinstance(node, Raw) or (isinstance(node, int) and abs(node) >= _LARGEST):
        yield node
    elif isinstance(node, Map):
        keys = [key for key, _ in node.pairs]
        if any(not isinstance(key, str) for key in keys) or len(set(map(str, keys))) < len(keys):
            yield node
        for _, item in node.pairs:
            yield from raws(item)
    elif isinstance(node, list):
        for item in node:
            yield from raws(item)


def changed(documents: Sequence[Any], changes: Sequence[Op]) -> list[Any]:
    """The documents after some changes; one that doesn't fit its place does nothing."""
    root: list[Any] = [copied(one) for one in documents]
    for name, first, second, odd in changes:
        places = slots(root)
        if not places or len(places) > MOST_NODES:
            break
        owner, index = places[first % len(places)]
        other, position = places[second % len(places)]
        _apply(name, owner, index, other, position, odd)
    return root


def _apply(name: str, owner: list[Any], index: int, other: list[Any], position: int, odd: int) -> None:
    node = owner[index]
    is_key = len(owner) == 2 and index == 1  # a pair, or a list of two, for which the change is as good
    if name == "set":
        owner[index] = copied(ODD[odd])
    elif name == "wrap":
        owner[index] = [node]
    elif name == "wrap-in-map":
        owner[index] = Map([[NAMES[odd % len(NAMES)], node]])
    elif name == "nest":
        for _ in range(odd * 2):
            owner[index] = [owner[index]]
    elif name == "swap":
        owner[index], other[position] = copied(other[position]), copied(node)
    elif name == "copy":
        owner[index] = copied(other[position])
    elif name == "rename" and is_key:
        owner[0] = NAMES[odd % len(NAMES)]
    elif name == "case" and is_key and isinstance(owner[0], str):
        owner[0] = owner[0].swapcase() if odd % 2 else owner[0].lower()
    elif name in _INSIDE:
        owner[index] = _INSIDE[name](node, odd)
    elif isinstance(node, list | Map) and (items := node.pairs if isinstance(node, Map) else node):
        _of_items(name, items, position % len(items), odd)


def _of_items(name: str, items: list[Any], place: int, odd: int) -> None:
    if name == "drop":
        del items[place]
    elif name == "repeat":
        items[place:place] = [copied(items[place]) for _ in range(1 + odd % 3)]
    elif name == "again":
        items.append(copied(items[place]))
        if isinstance(items[-1], list) and len(items[-1]) == 2:
            items[-1][1] = copied(ODD[odd])
    elif name == "shuffle":
        items[:] = items[place:] + items[:place]


def _unwrapped(node: Any, _: int) -> Any:
    if isinstance(node, Map) and node.pairs:
        return node.pairs[0][1]
    return node[0] if isinstance(node, list) and node else node


def _cut(node: Any, odd: int) -> Any:
    return node[: len(node) * (odd % 4) // 4] if isinstance(node, str) else node


def _stretched(node: Any, odd: int) -> Any:
    more = ODD[odd] if isinstance(ODD[odd], str) else "x"
    return node + more if isinstance(node, str) else node


def _number(node: Any, odd: int) -> Any:
    return odd - 5 if isinstance(node, str) else (node + 1 if type(node) is int else node)


def _text(node: Any, _: int) -> Any:
    return str(node) if node is None or isinstance(node, bool | int | float) else node


def _emptied(node: Any, _: int) -> Any:
    empty: tuple[tuple[type, Any], ...] = ((Map, Map([])), (list, []), (str, ""))
    return next((value for kind, value in empty if isinstance(node, kind)), None)


_INSIDE = {
    "unwrap": _unwrapped,
    "cut": _cut,
    "stretch": _stretched,
    "number": _number,
    "text": _text,
    "empty": _emptied,
}
