"""What a card gives: its manifests, admitted and defaulted as objects that already exist."""

from __future__ import annotations

from functools import lru_cache

from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.verdict import Problem, Severity
from trainer.versions import Version

GIVEN_FILE = "given"
"""The file name under which given objects are located."""


@lru_cache(maxsize=64)
def given_manifests(text: str, kubernetes: Version) -> tuple[tuple[Manifest, ...], tuple[Problem, ...]]:
    """The given objects, and what is wrong with the text (a fault of the card).

    Kept for the next answer to the same card: the manifests must not be changed.
    """
    if not text.strip():
        return (), ()
    parsed = parse(text.encode(), GIVEN_FILE)
    manifests, problems = manifests_of(parsed.documents)
    found = [*parsed.problems, *problems]
    objects = []
    for manifest in manifests:
        admitted = admit(manifest, kubernetes)
        found += [problem for problem in admitted.problems if problem.severity is Severity.ERROR]
        if admitted.manifest is not None:
            objects.append(admitted.manifest)
    return tuple(objects), tuple(found)
