"""Tests of `packcheck.vary_words`: words that can't be varied are told, with their place."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from trainer.content.catalogue import find_card
from trainer.content.solutions import load_solutions
from trainer.packcheck.vary_words import word_faults

if TYPE_CHECKING:
    from tests.packcheck.conftest import MakePack

HINT = "hints: [Look at the security context.]\n"
ENCODED = base64.b64encode(b"user of sun").decode()


def faults(make_pack: MakePack, vary: str, text: str = "", explain: str | None = None) -> list[str]:
    solutions = {"solutions/runtime-security/small/explain.md": explain} if explain else {}
    pack = make_pack(solutions, (HINT, f"{HINT}{text}vary: {vary}\n"))
    card = find_card("small", pack)
    return [message for _, message, _ in word_faults(card, load_solutions(card, pack), pack)]


@pytest.mark.parametrize(
    ("vary", "text", "explain", "expected"),
    [
        ("[{sun: [moon, mars]}]", "", None, []),
        ("[{sun: [moon]}]", "", "In `sun`:\n\n    k get pods -n sun\n", []),
        ("[{earth: [moon]}]", "", None, ["'earth' isn't in the card"]),
        ("[{sun: [busybox]}]", "", None, ["'busybox' has another meaning in the card or its solutions"]),
        ("[{sun: [moon]}]", "", "In `moon`.", ["'moon' has another meaning in the card or its solutions"]),
        ("[{sun: [containers]}]", "", None, ["'containers' has another meaning", "'containers' is a word of Kubernetes"]),
        ("[{sun: [kube-public]}]", "", None, ["'kube-public' is a word of Kubernetes"]),
        ("[{sun: [pods]}]", "", None, ["'pods' is a word of Kubernetes"]),
        ("[{sun: [deployments]}]", "", None, ["'deployments' is a word of Kubernetes"]),
        ("[{sun: [moon]}]", "", "The sun shines.", ["'sun' is in the text of explain.md, outside of code"]),
        ("[{sun: [moon]}]", "limits: Not for sun.\n", None, ["'sun' is in the text of limits, outside of code"]),
        ("[{sun: [moon]}]", "", "https://kubernetes.io/docs/sun/", ["'sun' is part of a link of explain.md"]),
        ("[{sun: [moon]}]", "given_files: {a.txt: sun-2}\n", None, ["'sun' is also part of 'sun-2', which would stay"]),
        ("[{sun: [moon], sun-2: [moon-2]}]", "given_files: {a.txt: sun-2}\n", None, []),
        ("[{sun: [moon]}]", f"given_files: {{a.txt: {ENCODED}}}\n", None, ["'sun' is also encoded, in"]),
        (
            f"[{{sun: [moon], {ENCODED}: [{base64.b64encode(b'user of moon').decode()}]}}]",
            f"given_files: {{a.txt: {ENCODED}}}\n",
            None,
            [],
        ),
    ],
)  # fmt: skip
def test_words(make_pack: MakePack, vary: str, text: str, explain: str | None, expected: list[str]) -> None:
    found = faults(make_pack, vary, text, explain)
    assert len(found) == len(expected), found
    for one, beginning in zip(found, expected, strict=True):
        assert one.startswith(beginning)


def test_the_ids_of_the_card_may_have_a_word_as_a_part(make_pack: MakePack) -> None:
    pack = make_pack(None, ("id: exists\n", "id: exists-in-sun\n"))
    card_file = pack.tasks / "runtime-security" / "small.yaml"
    card_file.write_text(
        card_file.read_text().replace("needs: [exists]", "needs: [exists-in-sun]") + "vary: [{sun: [moon]}]\n"
    )
    wrong = pack.solutions / "runtime-security" / "small" / "wrong-place.yaml"
    wrong.write_text(wrong.read_text().replace("exists", "exists-in-sun"))
    card = find_card("small", pack)
    assert list(word_faults(card, load_solutions(card, pack), pack)) == []
