"""The words of a card: prompt, hints, docs and attribution are there, give nothing away, and name no file
that the learner can't have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from trainer.content.card import Card
from trainer.content.locate import Pack
from trainer.content.solutions import Solutions
from trainer.packcheck.live import live_faults
from trainer.packcheck.named import unknown_files
from trainer.packcheck.report import field_problem
from trainer.packcheck.start import start_faults
from trainer.patterns import regex
from trainer.verdict import Problem

ALLOWED_DOCS = (
    "kubernetes.io/docs",
    "kubernetes.io/blog",
    "falco.org/docs",
    "kubernetes-sigs.github.io/bom/cli-reference",
    "etcd.io/docs",
    "kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration",
    "docs.cilium.io/en/stable",
    "istio.io/latest/docs",
)
"""The sites that candidates may open in the CKS exam (Linux Foundation, "Resources Allowed", 2026)."""

_COMMENT = regex(r"^[^\S\n]*#.*$", re.MULTILINE)
_MARKUP = regex(r"[\s`]+")


def text_problems(card: Card, solutions: Solutions, pack: Pack) -> Iterator[Problem]:
    """What is missing from the card's words, or what they give away."""
    for field in ("prompt", "hints", "docs"):
        if not getattr(card, field):
            yield field_problem(card, pack, (field,), f"the card has no {field}")
    for index, hint in enumerate(card.hints):
        if not hint.strip():
            yield field_problem(card, pack, ("hints", index), "the hint is empty")
        elif _gives_away(hint, solutions):
            yield field_problem(
                card,
                pack,
                ("hints", index),
                "the hint contains the whole reference",
                "a hint must not give the answer away",
            )
    yield from _source_problems(card, pack)
    for where, name in unknown_files(card, solutions):
        message = f"{name} is neither delivered nor required, and no answer creates it"
        remedy = "give it under `given_files` or `node_files`, or don't name it"
        yield field_problem(card, pack, where, message, remedy)
    for place, message in live_faults(card, solutions):
        yield field_problem(card, pack, ("live",) if place is None else ("live", place), message)
    for file, message in start_faults(card):
        remedy = "fix the starter, or name the path under `start_faults` if it is the task"
        yield field_problem(
            card, pack, ("start", file) if file else ("start_faults",), message, file and remedy
        )
    for index, check in enumerate(card.checks):
        if check.says.rstrip().endswith("."):
            yield field_problem(card, pack, ("checks", index, "says"), "`says` must not end with a period")
    if not solutions.explain.strip():
        message = "the card has no walk-through"
        yield field_problem(card, pack, (), message, f"write solutions/{card.domain}/{card.id}/explain.md")


def _source_problems(card: Card, pack: Pack) -> Iterator[Problem]:
    """What is wrong with the card's docs, and with its attribution."""
    for index, address in enumerate(card.docs):
        if not allowed(address):
            remedy = f"allowed: {', '.join(ALLOWED_DOCS)}"
            yield field_problem(card, pack, ("docs", index), f"{address} is not allowed in the exam", remedy)
    if card.attribution is not None:
        for field in ("title", "address", "licence", "changed"):
            if not getattr(card.attribution, field).strip():
                yield field_problem(card, pack, ("attribution", field), f"the attribution has no {field}")
        if urlsplit(card.attribution.address).scheme != "https":
            yield field_problem(
                card, pack, ("attribution", "address"), "the address must begin with https://"
            )


def allowed(address: str) -> bool:
    """Whether an address is on a site that candidates may open in the exam."""
    parts = urlsplit(address)
    if parts.scheme != "https":
        return False
    page = f"{parts.netloc}{parts.path}"
    return any(page == site or page.startswith(f"{site}/") for site in ALLOWED_DOCS)


def _gives_away(hint: str, solutions: Solutions) -> bool:
    bare = _bare(hint)
    texts = [_bare(file.data.decode("utf-8", "replace")) for file in solutions.reference.answer.files]
    return any(text and text in bare for text in texts)


def _bare(text: str) -> str:
    return _MARKUP.sub("", _COMMENT.sub("", text))
