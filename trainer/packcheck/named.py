"""Every file that a card's words name exists: delivered, required, or created by the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from trainer.content.card import Card
from trainer.content.material import material
from trainer.content.solutions import Solutions
from trainer.manifests.model import Path
from trainer.patterns import regex

_ROOTS = "etc|var|home|root|usr|opt|bin|sbin|lib|proc|sys|srv|run|tmp"
_ENDINGS = "yaml|yml|json|txt|log|crt|key|pem|conf|cfg|csv|toml|sh|md|kubeconfig"
_PATH = regex(rf"(?<![\w./:@-])/(?:{_ROOTS})(?:/[\w.@-]*\w)+")
"""A path below one of the top directories of a node or an image."""
_FILE = regex(rf"(?<![\w./:@-])\w[\w.-]*\.(?:{_ENDINGS})\b(?![./:\w-]*\w)")
"""A file's name with one of the usual endings, without a directory."""
_BLOCK = regex(r"```.*?```|^ {4}[^\n]*$", re.DOTALL | re.MULTILINE)
"""Code blocks: a session on another machine's terminal names that machine's files."""


def unknown_files(card: Card, solutions: Solutions) -> Iterator[tuple[Path, str]]:
    """Files that prompt, hints or checks name and the learner can't have: the field, and the file's name."""
    known = _known_names(card)
    answer = [file.data.decode("utf-8", "replace") for file in solutions.reference.answer.files]
    texts = [*_texts_of(card), *answer]
    for place, name in _named(card):
        path = PurePosixPath(name)
        if name in known or path.name in card.files:
            continue  # /etc/kubernetes/auth/a.yaml is where a.yaml will be stored
        made = path.is_absolute() and _is_in(f"{path.parent}(?!/)", answer)  # by a volume mounted there
        if not made and not _is_in(re.escape(name), texts):
            yield place, name


def _is_in(pattern: str, texts: list[str]) -> bool:
    """Whether a text has a path like this, whole or with more below it."""
    whole = re.compile(rf"(?<![\w./-]){pattern}(?![\w-]|\.\w)")
    return any(whole.search(text) for text in texts)


def _known_names(card: Card) -> set[str]:
    """The files that the learner gets or submits, their directories on the node, and their names there."""
    known = {*card.files, *card.start, *material(card)}
    for path in card.node_files:
        known |= {path, PurePosixPath(path).name, *map(str, PurePosixPath(path).parents)}
    return known


def _texts_of(card: Card) -> list[str]:
    """What the learner can read in the task's files."""
    return [card.all_given, *card.start.values(), *card.given_files.values(), *card.node_files.values()]


def _named(card: Card) -> Iterator[tuple[Path, str]]:
    """Every file that the card's words name, with the field; each once per field."""
    words: list[tuple[Path, str]] = [(("prompt",), card.prompt)]
    words += [(("hints", index), hint) for index, hint in enumerate(card.hints)]
    for index, check in enumerate(card.checks):
        words += [(("checks", index, "says"), check.says), (("checks", index, "why"), check.why)]
    for place, text in words:
        bare = _BLOCK.sub("", text)
        for name in dict.fromkeys([*_PATH.findall(bare), *_FILE.findall(bare)]):
            yield place, name
    for index, check in enumerate(card.checks):
        for name in dict.fromkeys(_strings(check.settings)):
            if PurePosixPath(name).suffix.removeprefix(".") in _ENDINGS.split("|") and _is_one_file(name):
                yield ("checks", index), name


def _is_one_file(text: str) -> bool:
    return bool(_PATH.fullmatch(text) or _FILE.fullmatch(text))


def _strings(value: Any) -> Iterator[str]:
    """All texts in the parameters of a check, keys too."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(key)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value
