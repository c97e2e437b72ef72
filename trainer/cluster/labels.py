"""The labels that mark what the trainer created, so that it deletes nothing else."""

from __future__ import annotations

from typing import Any

PREFIX = "cks-trainer/"
CARD = f"{PREFIX}card"
"""Label: the ID of the card that the object was created for."""
SUFFIX = f"{PREFIX}suffix"
"""Label: the learner's suffix, if one was given."""
RUN = f"{PREFIX}run"
"""Annotation: which run of the program created or updated the object."""
BEFORE = f"{PREFIX}before"
"""Annotation of an object that wasn't created but updated: how it was, as JSON. Empty: it goes with its
Namespace, which was created."""


def selector(card: str, suffix: str) -> str:
    """The label selector for what was created for a card, for one learner or without a suffix.

    >>> selector("pod-ro", "")
    'cks-trainer/card=pod-ro,!cks-trainer/suffix'
    """
    return f"{CARD}={card},{SUFFIX}={suffix}" if suffix else f"{CARD}={card},!{SUFFIX}"


def marked(data: dict[str, Any], card: str, suffix: str, run: str) -> dict[str, Any]:
    """A copy of an object with our labels and annotation."""
    metadata = dict(data.get("metadata") or {})
    labels = {**(metadata.get("labels") or {}), CARD: card}
    if suffix:
        labels[SUFFIX] = suffix
    metadata["labels"] = labels
    metadata["annotations"] = {**(metadata.get("annotations") or {}), RUN: run}
    return {**data, "metadata": metadata}


def is_ours(data: dict[str, Any], card: str, suffix: str) -> bool:
    """Whether an object in a cluster was created for this card and this learner."""
    labels = (data.get("metadata") or {}).get("labels") or {}
    return labels.get(CARD) == card and (labels.get(SUFFIX) or "") == suffix


def without_ours(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata without what the trainer added; empty labels and annotations are left out."""
    kept = dict(metadata)
    for field in ("labels", "annotations"):
        entries = kept.get(field)
        if isinstance(entries, dict) and any(str(key).startswith(PREFIX) for key in entries):
            rest = {key: value for key, value in entries.items() if not str(key).startswith(PREFIX)}
            kept[field] = rest
            if not rest:
                del kept[field]
    return kept
