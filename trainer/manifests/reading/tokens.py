"""What is written where in one YAML or JSON document: each scalar and alias with its place in the text.

Unlike `build`, it keeps what a reader drops: keys that are set twice, anchors, and where a text begins and
ends. Nothing is resolved, so a document costs what its text costs.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from trainer.manifests.limits import MAX_DEPTH
from trainer.manifests.reading.libyaml import CParser, yaml

_MOST = 200_000
"""How many values are read of one document."""


class Unreadable(Exception):
    """The text isn't one YAML document, or it is over a limit."""


class Node:
    """One node of a document: a scalar, an alias, a mapping or a sequence.

    `start` and `end` are offsets in the text; tags and anchors belong to the node. A scalar has a `value` (of
    `!!binary`, what it decodes to), an alias its name, which is the `anchor` of another node. `pairs` are the
    keys and values of a mapping, `items` those of a sequence.
    """

    __slots__ = ("anchor", "end", "is_alias", "items", "pairs", "start", "style", "value")

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.value: str | None = None
        self.anchor = ""
        self.style = ""
        self.is_alias = False
        self.pairs: list[tuple[Node, Node]] | None = None
        self.items: list[Node] | None = None


def read_tokens(text: str) -> Node | None:
    """The root of the only document of `text`, None if it has none. Raises `Unreadable`."""
    try:
        return _read(CParser(text).get_event)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise Unreadable from error


def _read(get: Any) -> Node | None:
    get()  # the stream's start
    if type(get()) is yaml.StreamEndEvent:
        return None
    root: Node | None = None
    open_nodes: list[tuple[Node, list[Node]]] = []
    for _ in range(_MOST):
        event = get()
        kind = type(event)
        if kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            node, inside = open_nodes.pop()
            node.end = event.end_mark.index
            if kind is yaml.MappingEndEvent:
                node.pairs = list(zip(inside[::2], inside[1::2], strict=True))
            else:
                node.items = inside
            continue
        if kind is yaml.DocumentEndEvent:
            break
        node = Node(event.start_mark.index, event.end_mark.index)
        node.anchor = event.anchor or ""
        if open_nodes:
            open_nodes[-1][1].append(node)
        else:
            root = node
        if kind is yaml.ScalarEvent:
            node.value, node.style = _value(event), event.style or ""
        elif kind is yaml.AliasEvent:
            node.value, node.is_alias, node.anchor = event.anchor, True, ""
        else:
            open_nodes.append((node, []))
            if len(open_nodes) > MAX_DEPTH:
                raise Unreadable
    else:
        raise Unreadable
    if type(get()) is not yaml.StreamEndEvent:  # a second document without a separator
        raise Unreadable
    return root


def _value(event: Any) -> str:
    if event.tag and event.tag.endswith("binary"):
        try:
            return base64.b64decode("".join(event.value.split())).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return str(event.value)  # as it is written: it has no other form
    return str(event.value)
