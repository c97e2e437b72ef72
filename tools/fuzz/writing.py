"""One value in many forms that mean the same: block and flow style, JSON, anchors, comments, any order."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st

from tools.fuzz.tree import Map, Raw, raws
from trainer.manifests.reading.scalars import BadScalarError, plain

_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9/_.-]*")
_ESCAPED = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Form(msgspec.Struct, frozen=True):
    """How a text is written. The default is block style, plain where it can be."""

    flow: bool = False
    """The values of the uppermost keys in flow style. A whole document in it isn't the same for components:
    they read what begins with `{` as JSON."""
    json: bool = False
    quotes: str = "plain"
    """Of texts that need none: `plain`, `double` or `single`."""
    comments: bool = False
    anchors: bool = False
    order: int = 0
    """Another order of keys for every number; 0: as they are."""
    crlf: bool = False
    markers: bool = False
    """`---` before the first document, too, with a comment behind, and blank documents."""
    indent: int = 2
    tight: bool = False
    """Items of a list in the column of its key."""
    mark: bool = False
    """A byte order mark, which kubectl skips."""


def forms() -> st.SearchStrategy[Form]:
    """Any form."""
    flag = st.booleans()
    return st.builds(
        Form,
        flow=flag,
        json=flag,
        quotes=st.sampled_from(("plain", "double", "single")),
        comments=flag,
        anchors=flag,
        order=st.integers(0, 50),
        crlf=flag,
        markers=flag,
        indent=st.integers(1, 6),
        tight=flag,
    )


def written(documents: Sequence[Any], form: Form = Form()) -> str:  # noqa: B008 - frozen
    """The text of some documents. What only YAML can say is written as YAML, whatever the form."""
    special = any(True for _ in raws(list(documents)))
    if form.json and not special and len(documents) == 1 and isinstance(documents[0], Map):
        return _json(_ordered(documents[0], form), form)
    texts = []
    for document in documents:
        node = document if special else _ordered(document, form)
        writer = _Writer(form, {} if special or not form.anchors else _shared(node))
        texts.append("\n".join(writer.document(node)) + "\n")
    between = "---\n"
    if form.markers:
        between = "--- # next\n" if form.comments else "---\n# next\n"
        texts = ["---\n" + text for text in texts[:1]] + texts[1:]
    text = between.join(texts)
    return text.replace("\n", "\r\n") if form.crlf else text


def _json(node: Any, form: Form) -> str:
    text = json.dumps(_data(node), ensure_ascii=False, indent=form.indent if form.comments else None)
    return _escaped(text)


def _data(node: Any) -> Any:
    if isinstance(node, Map):
        return {key: _data(item) for key, item in node.pairs}
    return [_data(item) for item in node] if isinstance(node, list) else node


def _ordered(node: Any, form: Form) -> Any:
    """The tree with its keys in another order."""
    if not form.order:
        return node
    if isinstance(node, Map):
        pairs = [[key, _ordered(item, form)] for key, item in node.pairs]
        random.Random(form.order).shuffle(pairs)  # noqa: S311 - the same order each time
        return Map(pairs)
    return [_ordered(item, form) for item in node] if isinstance(node, list) else node


def _shared(node: Any) -> dict[str, str]:
    """An anchor for every subtree that occurs twice, by its text in flow style."""
    seen: dict[str, int] = {}
    waiting = [node]
    while waiting:
        one = waiting.pop()
        children = [item for _, item in one.pairs] if isinstance(one, Map) else one
        if isinstance(one, Map | list) and children:
            text = flow(one)
            seen[text] = seen.get(text, 0) + 1
            waiting += children
    repeated = [text for text, times in seen.items() if times > 1][:20]
    return {text: f"a{number}" for number, text in enumerate(repeated)}


class _Writer:
    """Writes one document; each shared subtree in full once, then by its alias."""

    def __init__(self, form: Form, anchors: dict[str, str]) -> None:
        self.form, self.anchors = form, anchors
        self.named: set[str] = set()
        self.aliases = 0

    def document(self, node: Any) -> Iterator[str]:
        if self.form.comments:
            yield "# a comment: {not: yaml"
        if not (isinstance(node, Map | list) and _size(node)):
            yield self.scalar(node)
        else:
            yield from self.block(node, 0)

    def scalar(self, node: Any) -> str:
        return flow(node, self.form.quotes)

    def block(self, node: Any, depth: int) -> Iterator[str]:
        """The lines of a container that isn't empty."""
        pad = " " * depth
        for key, item in node.pairs if isinstance(node, Map) else ((None, one) for one in node):
            head = "-" if key is None else f"{flow(key, self.form.quotes)}:"
            if self.form.flow or not (isinstance(item, Map | list) and _size(item)):
                note = " # why" if self.form.comments else ""
                yield f"{pad}{head} {self.scalar(item)}{note}"
                continue
            text = flow(item) if self.anchors else ""
            name = self.anchors.get(text, "")
            if name and name in self.named and self.aliases < 50:
                self.aliases += 1
                yield f"{pad}{head} *{name}"
                continue
            self.named.add(name)
            yield f"{pad}{head} &{name}" if name else f"{pad}{head}"
            if self.form.comments:
                yield f"{pad}  # - of: a comment"
            is_tight = self.form.tight and key is not None and isinstance(item, list)
            yield from self.block(item, depth if is_tight else depth + self.form.indent)


def _size(node: Any) -> int:
    return len(node.pairs) if isinstance(node, Map) else len(node)


def flow(node: Any, quotes: str = "plain") -> str:
    """A tree on one line, as YAML; without raw text it is also JSON where texts are in double quotes."""
    if isinstance(node, Raw):
        return node.text
    if isinstance(node, Map):
        inner = ", ".join(f"{flow(key, quotes)}: {flow(item, quotes)}" for key, item in node.pairs)
        return f"{{{inner}}}"
    if isinstance(node, list):
        return f"[{', '.join(flow(item, quotes) for item in node)}]"
    if isinstance(node, str):
        return _text(node, quotes)
    return json.dumps(node)


def _text(value: str, quotes: str) -> str:
    if quotes == "plain" and _PLAIN.fullmatch(value) and _stays(value):
        return value
    if quotes == "single" and value.isprintable() and "\ufeff" not in value:
        return "'" + value.replace("'", "''") + "'"
    return _escaped(json.dumps(value, ensure_ascii=False))


def _stays(value: str) -> bool:
    """Whether a plain text stays a text for kubectl, and for a reader of YAML 1.1."""
    try:
        return plain(value) == value and value not in ("y", "n", "=", "<<")
    except BadScalarError:
        return False


def _escaped(text: str) -> str:
    """The text of JSON with everything escaped that YAML refuses in the open."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
