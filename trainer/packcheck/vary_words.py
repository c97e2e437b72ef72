"""The words that a card varies, in its own texts: each is replaced everywhere, and nothing else with it."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from trainer.content.card import Card
from trainer.content.locate import Pack
from trainer.content.material_files import material_folder
from trainer.content.solutions import Solutions, solutions_folder
from trainer.content.wording import pattern_of
from trainer.files import read_file
from trainer.manifests.schema.data import schema_for
from trainer.packcheck.texts import allowed
from trainer.patterns import regex
from trainer.simulate.world import BUILT_IN_NAMESPACES
from trainer.versions import Version

Place = tuple[str | int, ...]

_VERBS = (
    "get list watch create update patch delete deletecollection impersonate escalate bind approve sign use"
)
_ROLES = "cluster-admin admin edit view system anonymous masters nodes"
_SYSTEM = "kubelet kubectl kubeadm kube-proxy kube-apiserver kube-scheduler kube-controller-manager etcd root"
_OTHERS = frozenset(" ".join((_VERBS, _ROLES, _SYSTEM)).split()) | BUILT_IN_NAMESPACES
"""What has a meaning in a cluster or on a node, besides kinds and fields."""

DECLARED = 1
"""How often the card's file has a word or an alternative because of the declaration."""
_CODE = regex(r"```.*?```|`[^`\n]*`|^ {4}[^\n]*$", re.DOTALL | re.MULTILINE)
"""What a Markdown text marks as code."""
_LINK = regex(r"https?://[^\s)>`]+")
_ENCODED = regex(rb"[A-Za-z0-9+/]{8,}={0,2}")
"""What may be base64; over several lines, each for itself."""


def word_faults(card: Card, solutions: Solutions, pack: Pack) -> Iterator[tuple[Place, str, str]]:
    """What is wrong with the words of a card as written: the field, a sentence, and what to do."""
    texts = _files(card, pack)
    words = {word: ("vary", index, word) for index, one in enumerate(card.vary) for word in one}
    task = [text for path, text in texts.items() if path.is_relative_to(pack.tasks)]
    own, every = _counts(card, task), _counts(card, texts.values())
    task.append(solutions.explain.encode())
    for word, place in words.items():
        others = card.vary[int(place[1])][word]
        if own[word] < DECLARED + 1:
            yield place, f"{word!r} isn't in the card", "remove it, or write it as the card does"
        for other in others:
            if every[other] > DECLARED:
                yield place, f"{other!r} has another meaning in the card or its solutions", "use another word"
        for one in (known for known in (word, *others) if _is_known(known, card.kubernetes)):
            yield (
                place,
                f"{one!r} is a word of Kubernetes: it would change elsewhere, too",
                "use another word",
            )
        for where in _prose(card, solutions, word):
            message = f"{word!r} is in the text of {where}, outside of code"
            yield place, message, "put names in backticks, or rename it: other words stay"
        for where, link in _links(card, solutions, word):
            yield place, f"{word!r} is part of a link of {where}, which would change: {link}", "rename it"
        for longer in sorted(_longer(card, word, task, words)):
            yield place, f"{word!r} is also part of {longer!r}, which would stay", "vary both in one set"
        for token in _encodings(word, texts):
            if token not in card.vary[int(place[1])]:
                message = f"{word!r} is also encoded, in {token[:40]!r}, which would stay"
                yield place, message, "vary both in one set"


def _files(card: Card, pack: Pack) -> dict[Path, bytes]:
    """Every file of the card, as it is stored."""
    folder = solutions_folder(card, pack)
    paths = [card.source, *(material_folder(card.source) / name for name in card.material)]
    paths += (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path: read_file(path) for path in paths}


def _counts(card: Card, texts: Iterable[bytes]) -> Counter[str]:
    """How often the texts have each word and each alternative of the card."""
    pattern = pattern_of(
        [text for one in card.vary for word, others in one.items() for text in (word, *others)]
    )
    return Counter(found.decode() for text in texts for found in pattern.findall(text))


def _prose(card: Card, solutions: Solutions, word: str) -> Iterator[str]:
    """The texts in which a word of letters isn't code. A check's `says` is without marks: there it may be."""
    if not word.isalpha():
        return
    for where, text in _texts(card, solutions):
        bare = _LINK.sub("", _CODE.sub("", text))
        if pattern_of([word]).search(bare.encode()):
            yield where


def _links(card: Card, solutions: Solutions, word: str) -> Iterator[tuple[str, str]]:
    """Links to documentation that have the word; other addresses belong to the task."""
    for where, text in _texts(card, solutions):
        for link in filter(allowed, _LINK.findall(text)):
            if pattern_of([word]).search(link.encode()):
                yield where, link


def _texts(card: Card, solutions: Solutions) -> Iterator[tuple[str, str]]:
    """The texts for people, without marks of YAML."""
    yield from (("title", card.title), ("prompt", card.prompt), ("limits", card.limits))
    yield from ((f"hint {number}", hint) for number, hint in enumerate(card.hints, 1))
    yield from ((f"{check.id}.why", check.why) for check in card.checks)
    yield "explain.md", solutions.explain


def _longer(card: Card, word: str, texts: Iterable[bytes], words: Iterable[str]) -> set[str]:
    """Names with the word as one of their parts, as `sun-2` has `sun`; except the IDs of the card."""
    stay = {card.id, *(check.id for check in card.checks), *(str(one.get("id")) for one in card.live)}
    stay |= {need for check in card.checks for need in (*check.needs, *check.needs_any)}
    part = re.compile(
        rb"[A-Za-z0-9_-]*(?<![A-Za-z0-9])" + re.escape(word.encode()) + rb"(?![A-Za-z0-9])[A-Za-z0-9_-]*"
    )
    found = {one.decode() for text in texts if word.encode() in text for one in part.findall(text)}
    return {one for one in found if one not in stay and not any(one in other for other in words)}


def _encodings(word: str, texts: dict[Path, bytes]) -> set[str]:
    """What is the word, or has it, in base64."""
    found = set()
    for text in texts.values():
        for token in _ENCODED.findall(text):
            try:
                plain = base64.b64decode(token + b"=" * (-len(token) % 4))
            except binascii.Error:
                continue
            if word.encode() in plain and pattern_of([word]).search(plain):
                found.add(token.decode())
    return found


def _is_known(word: str, kubernetes: Version) -> bool:
    return word in _OTHERS or word in _names(kubernetes)


@cache
def _names(kubernetes: Version) -> frozenset[str]:
    """The fields and kinds of a version, and what kinds are called in requests."""
    schema = schema_for(kubernetes)
    kinds = {name.rpartition(" ")[2] for name in schema.kinds}
    lower = {kind.lower() for kind in kinds}
    many = {
        one[:-1] + "ies" if one.endswith("y") else one + ("es" if one.endswith("s") else "s") for one in lower
    }
    return schema.field_names | kinds | lower | many
