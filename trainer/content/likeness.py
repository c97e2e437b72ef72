"""Whether a word may stand for another one: both are valid in the same places."""

from __future__ import annotations

import ipaddress
from pathlib import PurePosixPath

from trainer.manifests.reading.scalars import BadScalarError, plain
from trainer.patterns import regex

LONGEST = 200
"""The most characters of a word."""

_WORD = regex(r"[/A-Za-z0-9](?:[A-Za-z0-9_.:/@+=-]*[A-Za-z0-9=])?")
_NAME = regex(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A label as in RFC 1123: what a Namespace or a container may be called."""
_NUMBER = regex(r"[0-9]{1,10}")
_VERSION = regex(r"(v?)([0-9]+(?:\.[0-9]+)+)")
_DIGEST = regex(r"((?:sha[0-9]+:)?)([0-9a-f]{32,128})")


def word_fault(text: str) -> str:
    """Why a text can't be a word of `vary`, as the end of a sentence; empty if it can."""
    if len(text) > LONGEST or not _WORD.fullmatch(text):
        return "must be a single word: letters, digits and ._:/@+=-, without space around it"
    return "must have two characters or more" if len(text) < 2 else ""


def unlike(word: str, other: str) -> str:
    """Why a word can't stand for another one, as the end of a sentence; empty if it can."""
    kind, others = _kind(word), _kind(other)
    if kind != others:
        return f"it is {others}, and not {kind}"
    if _type(word) is not _type(other):
        return "YAML reads them as different types"
    return ""


def _kind(text: str) -> str:
    """What a word is, in words: equal ones are valid in the same places."""
    if _NUMBER.fullmatch(text):
        return _number(text)
    if (found := _address(text)) is not None:
        return found
    if match := _DIGEST.fullmatch(text):
        return f"a digest ({match[1]}{len(match[2])} characters)"
    if match := _VERSION.fullmatch(text):
        return f"a version ({match[1]}{'.'.join('x' * (match[2].count('.') + 1))})"
    if text.startswith("/"):
        return f"a path {PurePosixPath(text).suffix}".rstrip()
    if _NAME.fullmatch(text):
        return "a name"
    marks = "".join(sorted({letter for letter in text if not letter.isalnum()}))
    case = "" if text == text.lower() else " with capital letters"
    return f"a text{case}{f' with {marks}' if marks else ''}"


def _number(text: str) -> str:
    if len(text) > 1 and text.startswith("0"):
        return f"a number of {len(text)} digits that starts with 0"
    if int(text) < 1024:
        return "a number below 1024"
    return "a number from 1024 to 65535" if int(text) <= 65535 else "a number above 65535"


def _address(text: str) -> str | None:
    """What an address or a network is; None for anything else."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return None
    where = "link-local" if network.is_link_local else "private" if network.is_private else "public"
    if "/" not in text:
        return f"a {where} address of IPv{network.version}"
    return f"a {where} network of IPv{network.version} with /{network.prefixlen}"


def _type(text: str) -> type:
    try:
        return type(plain(text))
    except BadScalarError:
        return type(None)
