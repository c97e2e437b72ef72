"""A text of an answer without its secrets, and what these are.

The text itself is read again, document by document: what kubectl would not get to see (keys that are set
twice, what follows an end mark, comments) is hidden as well. Of a document that can't be read, nothing stays
that could be a secret. Names of fields and the number of lines stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from trainer.grading.secret_kinds import Mode, is_api_version, is_kind
from trainer.grading.secret_places import Fate, Placed, is_harmless_document, parts, places, with_targets
from trainer.grading.secret_words import assigned, comment_tells, decoded, may_tell, shaped
from trainer.manifests.reading.tokens import Node, Unreadable, read_tokens
from trainer.patterns import regex

REDACTED = "REDACTED"
"""What replaces a secret, as in `kubectl config view`: it tells nothing of the value, not even its length."""

_MARK = regex(r"(?:\A|(?<=[\n\r\x85\u2028\u2029]))(?:---|\.\.\.)(?=[\s]|\Z)")
_COMMENT = regex(r"(?:\A|(?<=\s))#[^\n\r\x85\u2028\u2029]*")
_PROPERTY = regex(r"(?:(?<=[\s\[{,:?-])|\A)[&!%*][^\s,\[\]{}]*")
_STANDARD = ("!!", "%YAML")
_BLOCK = regex(r"(?:[&!][^\s]*\s+)*(?P<head>[|>][+\-0-9]*)")
_FIELD = regex(
    r"(?P<head>\s*(?:-\s+)*)(?P<quote>[\"']?)(?P<key>[A-Za-z]\w*)(?P=quote)"
    r"\s*:[ \t]*(?P<value>(?:[^ \t].*)?)\Z"
)
_ESCAPE = regex(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})|([\\\"/ ]))"
)
"""Escapes of YAML and JSON for one character that may be in a word."""
_WORD = regex(r"[^\s\"'`,;:=(){}\[\]<>|&!*#]+")
_NAMES = frozenset(
    "apiVersion kind metadata name namespace type data stringData labels annotations items users user"
    " clusters cluster contexts context resources providers keys secret token password username spec"
    " containers env value".split()
)
_LOOKS_STRUCTURED = regex(
    r"(?i)^[^\S\n]*(?:[\"'{-]+[^\S\n]*)?(?:kind|apiversion|string-?data|data|users|current-context|metadata)[\"']?\s*:",
    re.MULTILINE,
)


class Found(msgspec.Struct):
    """The text of a file without secrets, and the values that were hidden in it."""

    text: str
    secrets: list[str] = []
    """Hidden wherever they appear."""
    doubtful: list[str] = []
    """Hidden in sentences unless they are common words."""
    public: list[str] = []
    """What stays, and so isn't doubtful."""
    unread: list[str] = []
    """Texts that could not be read: in sentences, any quoted word of them is hidden."""


def redact_text(text: str, *, is_manifest: bool) -> Found:
    """The text without secrets. `is_manifest` tells whether it's read as YAML or JSON."""
    if not is_manifest and not may_tell(text):
        return Found(text)
    regions = list(_regions(text))
    if "value" not in text and all(is_harmless_document(text[start:end]) for start, end in regions):
        return Found(text)
    documents = [_placed(text[start:end]) for start, end in regions]
    if not is_manifest and not _LOOKS_STRUCTURED.search(text):
        return _plain(text)
    found = Found("")
    is_secret = any(one.mode is not Mode.PLAIN for document in documents for one in document or ())
    otherwise = Mode.SECRET if is_secret else Mode.PLAIN
    done = 0
    pieces = []
    for (start, end), document in zip(regions, documents, strict=True):
        pieces += [text[done:start], _region(text[start:end], document, otherwise, found)]
        done = end
    found.text = "".join([*pieces, text[done:]])
    return found


def _regions(text: str) -> Iterator[tuple[int, int]]:
    """Where the documents of a text are: what is between its marks (`---`, `...`)."""
    start = 0
    for mark in _MARK.finditer(text) if "---" in text or "..." in text else ():
        if mark.start() > start:
            yield start, mark.start()
        start = mark.end()
    if start < len(text):
        yield start, len(text)


def _placed(region: str, otherwise: Mode = Mode.PLAIN) -> list[Placed] | None:
    """What is in a document, in the order of the text; None if it can't be read."""
    try:
        root = read_tokens(region)
    except Unreadable:
        return None
    if root is None:
        return []
    return sorted(with_targets(list(places(root, otherwise)), root), key=lambda one: one.node.start)


def _region(text: str, placed: list[Placed] | None, otherwise: Mode, found: Found) -> str:
    if placed is None:
        return _unread(text, otherwise, found)
    strict = any(one.mode is not Mode.PLAIN for one in placed)
    if otherwise is not Mode.PLAIN and not strict:
        placed = _placed(text, otherwise) or []
        strict = not placed or any(one.mode is not Mode.PLAIN for one in placed)
    is_json = text.lstrip()[:1] in ("{", "[") and '"' in text
    names = {one.node.value for one in placed if one.fate is Fate.NAME}
    pieces, done, beside = [], 0, False
    for one in placed:
        node = one.node
        if node.start < done:  # a text within a text: can't be, and is left to the rest
            continue
        pieces.append(_gap(text[done : node.start], found, strict=strict, beside=beside))
        raw = text[node.start : node.end]
        hidden = one.fate not in (Fate.KEPT, Fate.NAME) and node.end > node.start
        pieces.append(
            _rewritten(raw, node, is_json=is_json) if hidden else _kept(raw, node, found, strict=strict)
        )
        if hidden:
            _note(one, raw, found, names)
        elif node.value and not node.is_alias:
            found.public.append(node.value)
        done, beside = node.end, hidden
    return "".join([*pieces, _gap(text[done:], found, strict=strict, beside=beside)])


def _note(one: Placed, raw: str, found: Found, names: set[str | None]) -> None:
    value = one.node.value or ""
    _without_properties(raw, found)
    if value.strip() in names or decoded(value) in names:
        return
    if one.fate is Fate.SECRET:
        found.secrets.append(value)
        if one.is_key:
            found.secrets += [word for word in _WORD.findall(value) if len(word) > 3]
    elif one.fate is Fate.PARTLY:
        found.secrets += parts(value)
    else:
        found.doubtful.append(value)


def _kept(raw: str, node: Node, found: Found, *, strict: bool) -> str:
    """A scalar that stays; the comment beside the header of a block doesn't."""
    header = _BLOCK.match(raw) if node.style in ("|", ">") else None
    if header is None:
        return raw if not strict else _without_properties(raw, found)
    first, separator, rest = raw.partition("\n")
    return _gap(first, found, strict=strict) + separator + rest


def _without_properties(raw: str, found: Found) -> str:
    """A scalar without its anchor and its own tags, which are free text."""
    while raw[:1] in ("&", "!") and (match := _PROPERTY.match(raw)) is not None:
        if not match.group().startswith(_STANDARD):
            found.doubtful.append(match.group()[1:])
        raw = raw[match.end() :].lstrip()
    return raw


def _rewritten(raw: str, node: Node, *, is_json: bool) -> str:
    """What replaces a scalar as it's written: in the same quotes, with as many lines."""
    lines = raw.count("\n")
    if node.style in ("|", ">") and (match := _BLOCK.match(raw)) is not None:
        body = raw[match.end() :].split("\n")[1:]
        return "\n".join([match["head"], *(_hidden_line(line) for line in body)])
    if is_json or node.style == '"':
        return f'"{REDACTED}"' + "\n" * lines
    quote = "'" if node.style == "'" else ""
    return f"{quote}{REDACTED}{quote}" + "\n" * lines


def _hidden_line(line: str) -> str:
    if not line.strip():
        return line
    return line[: len(line) - len(line.lstrip(" "))] + REDACTED


def _gap(text: str, found: Found, *, strict: bool, beside: bool = False) -> str:
    """What is between scalars: comments, tags, anchors, punctuation.

    In a document with secrets (`strict`), free text in it is hidden. Elsewhere, comments are hidden if one of
    them tells, or if they are `beside` a secret.
    """
    if not text or text.isspace():
        return text
    tell = "#" in text and (strict or beside or any(map(comment_tells, _COMMENT.findall(text))))
    pieces, done = [], 0
    for match in _COMMENT.finditer(text):
        pieces.append(
            _properties(text[done : match.start()], found) if strict else text[done : match.start()]
        )
        comment = match.group()
        if tell and comment.strip("# "):
            _note_words(comment, found)
            comment = f"# {REDACTED}"
        pieces.append(comment)
        done = match.end()
    rest = text[done:]
    return "".join([*pieces, _properties(rest, found) if strict else rest])


def _properties(text: str, found: Found) -> str:
    """Punctuation without anchors and tags, except the standard ones."""

    def hidden(match: re.Match[str]) -> str:
        written = match.group()
        if written.startswith(_STANDARD):
            return written
        found.doubtful.append(written[1:])
        return ""

    return _PROPERTY.sub(hidden, text)


def _note_words(text: str, found: Found) -> None:
    """Remember the words of a hidden text that aren't ordinary ones."""
    found.secrets += parts(text)
    found.doubtful += [
        word for word in _WORD.findall(text) if len(word) > 5 and not (word.islower() and word.isalpha())
    ]


def _unread(text: str, otherwise: Mode, found: Found) -> str:
    """A document that can't be read: where a secret could be in it, only the names of known fields stay."""
    if otherwise is Mode.PLAIN and is_harmless_document(text) and "value" not in text:
        return text
    found.unread.append(text)
    if "\\" in text:  # a reader that gets further than this one shows what the escapes mean
        found.unread.append(_ESCAPE.sub(_meant, text))
    return "".join(_unread_line(line) for line in text.splitlines(keepends=True))


def _meant(escape: re.Match[str]) -> str:
    """The character that is escaped."""
    *codes, itself = escape.groups()
    code = next(filter(None, codes), None)
    return str(itself) if code is None else chr(int(code, 16))


def _unread_line(line: str) -> str:
    bare_line = line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    end = line[len(bare_line) :]
    if not bare_line.strip() or not bare_line.strip("{}[],- \t"):
        return line
    match = _FIELD.match(bare_line)
    if match is None or match["key"] not in _NAMES:
        return bare_line[: len(bare_line) - len(bare_line.lstrip())] + REDACTED + end
    value = match["value"].strip()
    value = value.strip("\"'")
    shown = (
        not value
        or (match["key"] == "kind" and is_kind(value))
        or (match["key"] == "apiVersion" and is_api_version(value))
    )
    return (bare_line if shown else bare_line[: match.start("value")] + REDACTED) + end


def _plain(text: str) -> Found:
    """A text that isn't YAML (a Dockerfile, a profile): lines lose what they give to a telling name."""
    found = Found("")
    keys = list(shaped(text))
    found.secrets += keys
    for key in keys:
        if "\n" in key:
            text = text.replace(key, "\n".join(REDACTED for _ in key.split("\n")))
    found.text = "".join(_plain_line(line, found) for line in text.splitlines(keepends=True))
    return found


def _plain_line(line: str, found: Found) -> str:
    start = len(line) - len(line.lstrip())
    if line.startswith("#", start) and comment_tells(line):
        _note_words(line, found)
        return f"{line[:start]}# {REDACTED}{line[len(line.rstrip()) :]}"
    spans = list(assigned(line))
    found.secrets += [line[start:end].strip("\\\"'") for start, end in spans]
    for start, end in reversed(spans):
        line = line[:start] + REDACTED + line[end:]
    for part in shaped(line):
        line = line.replace(part, REDACTED)
    return line
