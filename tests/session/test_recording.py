"""What is stored of an answer, and what is revealed of a card."""

from __future__ import annotations

import json
from pathlib import Path

from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.content.solutions import load_solutions
from trainer.grading.grade import grade
from trainer.manifests.answer import Answer, AnswerFile
from trainer.session.recording import make_reveal, new_attempt

PACK = pack_at(Path(__file__).parent.parent / "fixtures" / "pack-mini")
CARD = find_card("tiny-pod", PACK)
WRITABLE = next(one for one in load_solutions(CARD, PACK).wrong if one.name == "wrong-writable").answer
SECRET = b"---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {key: hunter2-hunter2}\n"


def test_an_attempt_has_the_answer_and_the_verdict() -> None:
    attempt = new_attempt(CARD, WRITABLE, grade(CARD, WRITABLE), 12.0, b"salt")
    assert (attempt.card, attempt.points, attempt.max_points, attempt.passed) == ("tiny-pod", 2, 5, False)
    assert (attempt.checks_passed, attempt.checks_total, attempt.seconds) == (1, 2, 12.0)
    assert "readOnlyRootFilesystem: false" in json.loads(attempt.answer)["pod.yaml"]
    assert json.loads(attempt.verdict)["schema"] == "cks-trainer.verdict/1"


def test_nothing_stored_tells_one_secret_from_another() -> None:
    def attempt(value: bytes, salt: bytes) -> tuple[str, str]:
        answer = Answer((AnswerFile("pod.yaml", WRITABLE.files[0].data + SECRET.replace(b"hunter2", value)),))
        made = new_attempt(CARD, answer, grade(CARD, answer), None, salt)
        assert value.decode() not in made.answer + made.verdict
        return made.digest, made.answer

    assert attempt(b"hunter2", b"salt") == attempt(b"hunter2", b"salt")
    # A digest of the value would let a short one be guessed.
    assert attempt(b"hunter2", b"salt") == attempt(b"a-much-longer-one-3", b"salt")
    assert attempt(b"hunter2", b"salt") != attempt(b"hunter2", b"pepper")


def test_a_reveal_compares_with_what_is_there(tmp_path: Path) -> None:
    nothing = make_reveal(CARD, PACK, tmp_path / "none")
    assert (list(nothing.files), nothing.differences) == (["pod.yaml"], ())
    assert nothing.uncompared == "You have no answer yet."
    assert "k run tiny" in nothing.imperative
    assert "change the application" in nothing.explain
    (tmp_path / "pod.yaml").write_bytes(WRITABLE.files[0].data)
    reveal = make_reveal(CARD, PACK, tmp_path)
    (difference,) = reveal.differences
    assert reveal.uncompared == ""
    assert reveal.yours == {"pod.yaml": WRITABLE.files[0].data.decode()}
    assert difference.path.endswith("readOnlyRootFilesystem")
    (tmp_path / "pod.yaml").write_bytes(b"#" * (2 << 20))
    assert make_reveal(CARD, PACK, tmp_path).differences == ()
    assert "pod.yaml is too large" in make_reveal(CARD, PACK, tmp_path).uncompared
