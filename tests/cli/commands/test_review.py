"""`review`: what is due, the start of the next one, ratings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cks = Callable[..., Any]


def test_from_nothing_to_a_rated_review(cks: Cks, answer: Callable[..., Path], tmp_path: Path) -> None:
    assert cks("review").out == "nothing to review yet: a card comes back after its first attempt\n"
    assert cks("review", "--json").json["cards"] == []
    assert cks("review", "tiny-pod").out.startswith("tiny-pod: no attempt yet")
    nothing = cks("review", "--start")
    assert (nothing.code, "nothing is due today" in nothing.err) == (2, True)

    cks("grade", answer("wrong-writable"))
    listed = cks("review")
    assert listed.out.startswith("nothing is due today\n")
    assert "tomorrow" in listed.out
    assert listed.out.splitlines()[-1].endswith("1 failed")
    one = cks("review", "tiny-pod")
    assert one.out.startswith("tiny-pod: rated again, due tomorrow (")
    assert "failed: " in one.err
    asked = cks("review", "--json").json
    assert (asked["schema"], len(asked["forecast"]), sum(asked["forecast"])) == (
        "cks-trainer.review/1",
        14,
        1,
    )
    (due,) = asked["cards"]
    assert (due["card"], due["due"], due["failed_checks"]) == ("tiny-pod", False, ["read-only"])

    cks("grade", answer("reference"))
    rated = cks("review", "tiny-pod", "--rate", "easy", "--json").json
    assert (rated["rating"], rated["chosen"], rated["due"]) == ("easy", True, False)
    assert cks("review", "tiny-pod").out.startswith("tiny-pod: your rating easy, due in 8 days")

    started = cks("review", "tiny-pod", "--start", "--json").json
    assert started["folder"] == str(tmp_path / "ws" / "tiny-pod")
    assert list((tmp_path / "ws" / "tiny-pod").glob(".backup/*/*")), "the old answer is backed up"


def test_wrong_use(cks: Cks) -> None:
    for arguments in (["--rate", "good"], ["tiny-pod", "--rate", "good", "--start"], ["tiny-pot"]):
        assert cks("review", *arguments).code == 2
    assert cks("review", "tiny-pod", "--rate", "good").code == 2, "nothing to rate yet"
