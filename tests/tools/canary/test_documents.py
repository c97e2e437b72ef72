"""Tests of `tools.canary.documents`."""

from __future__ import annotations

import base64
import itertools

from tools.canary.documents import KINDS, Document, documents


def test_the_same_seed_makes_the_same_documents() -> None:
    one, two, other = (list(itertools.islice(documents(seed), 20)) for seed in (1, 1, 2))
    assert one == two
    assert one != other


def test_every_document_carries_its_canary_in_one_of_many_shapes() -> None:
    made = list(itertools.islice(documents(3), 400))
    assert {one.shapes.split("+")[0] for one in made} == set(KINDS)
    assert len({one.shapes for one in made}) > 100
    shown = sum(one.sings(one.data) for one in made)
    assert shown > 300  # the others are written with escapes, or in UTF-16


def test_a_canary_is_heard_in_every_form() -> None:
    one = Document(b"", "QzAbcdefghijk7K", "")
    for sound in ("QzAbcdefghijk7K", "qzabcdefghijk7k", "`QzAbcdefgh...`", "bcdefghijk7K"):
        assert one.sings(sound.encode())
    for before in ("", "x", "yz"):
        assert one.sings(base64.b64encode(f"{before}QzAbcdefghijk7K and more".encode()))
    assert not one.sings(b"QzAbcdef, REDACTED")
