"""Tests of `grading.untouched`: an answer in which the answer is unchanged."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.cards import CARDS
from tests.table import each_row
from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.locate import builtin_pack, pack_at
from trainer.grading.grade import grade
from trainer.grading.untouched import is_untouched, untouched_verdict
from trainer.manifests.answer import STDIN, Answer, AnswerFile
from trainer.verdict import Location, Severity, Status

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack")
STARTER = """\
# Change this.
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: sun}
data:
  script: |
    #!/bin/sh
    # says hello
    echo hello
"""
BUILT_IN = [card for card in CARDS if card.start]


@pytest.fixture
def card() -> Card:
    return msgspec.structs.replace(find_card("mini-pod", PACK), files=("a.yaml",), start={"a.yaml": STARTER})


def answer(text: str, name: str = "a.yaml") -> Answer:
    return Answer((AnswerFile(name, text.encode()),))


@pytest.mark.parametrize(
    ("text", "untouched"),
    [
        (STARTER, True),
        (STARTER.replace("\n", "\r\n"), True),
        (f"# my answer\n\n{STARTER}\n\n# the end", True),
        (STARTER.replace("# Change this.\n", ""), True),
        (STARTER.replace("web", "app"), False),
        (STARTER.replace("    # says hello\n", ""), False),  # a line of the script, no comment
        (STARTER.replace("# Change this.\n", "extra: 1\n"), False),
        (STARTER + "---\napiVersion: v1\nkind: Pod\n", False),
        ("", False),
        ("a: [", False),
    ],
)
def test_only_comments_and_blanks_may_differ(card: Card, text: str, untouched: bool) -> None:
    assert is_untouched(card, answer(text)) is untouched


def test_an_untouched_answer_is_not_judged(card: Card) -> None:
    verdict = grade(card, answer(STARTER))
    assert (verdict.points, verdict.max_points, verdict.passed) == (0, card.points, False)
    assert {check.status for check in verdict.checks} == {Status.SKIPPED}
    assert {check.reasons[0].message for check in verdict.checks} == {"the answer is unchanged"}
    assert [check.evidence for check in verdict.checks] == [()] * len(card.checks)
    (told,) = verdict.problems
    assert told.message == "`a.yaml` is unchanged, so there is nothing to grade yet."
    assert (told.severity, told.location) == (Severity.WARNING, Location("a.yaml", 1, 1))


def test_a_changed_answer_is_judged(card: Card) -> None:
    verdict = grade(card, answer(STARTER.replace("web", "app")))
    assert verdict.checks[0].status is Status.FAIL
    assert verdict.problems == ()


def test_the_only_file_may_have_any_name(card: Card) -> None:
    assert is_untouched(card, answer(STARTER, STDIN))
    assert is_untouched(card, answer(STARTER, "mine.yaml"))


def test_every_file_must_be_unchanged(card: Card) -> None:
    two = msgspec.structs.replace(
        card, files=("a.yaml", "b.txt"), start={"a.yaml": STARTER, "b.txt": "# b\n"}
    )
    both = (AnswerFile("a.yaml", STARTER.encode()), AnswerFile("b.txt", b"# b\n"))
    assert is_untouched(two, Answer(both))
    assert grade(two, Answer(both)).problems[0].message.startswith("`a.yaml` and `b.txt` are unchanged")
    assert not is_untouched(
        two, Answer((both[0], AnswerFile("b.txt", b"# c\n")))
    )  # a comment in text is text
    assert not is_untouched(two, Answer((*both, AnswerFile("c.yaml", b"a: 1\n"))))


def test_a_file_that_is_gone(card: Card) -> None:
    """What is given stays, unless the answer is all that stays: then taking away is the task."""
    two = msgspec.structs.replace(
        card, files=("a.yaml", "b.yaml"), start={"a.yaml": STARTER, "b.yaml": STARTER}
    )
    assert is_untouched(two, answer(STARTER))
    assert not is_untouched(msgspec.structs.replace(two, given_stays=False), answer(STARTER))


def test_a_card_without_starters(card: Card) -> None:
    assert not is_untouched(msgspec.structs.replace(card, start={}), answer(STARTER))
    assert not is_untouched(card, Answer(()))
    assert not is_untouched(card, Answer((AnswerFile("a.yaml", b"\xff\xfe\x00"),)))


@each_row("card", BUILT_IN, ids=[card.id for card in BUILT_IN])
def test_starters_of_the_cards_get_nothing_and_are_told_nothing(card: Card) -> None:
    files = tuple(AnswerFile(name, f"# mine\n{text}".encode()) for name, text in card.start.items())
    if "parser.json" in card.start:  # JSON has no comments
        files = tuple(AnswerFile(name, text.encode()) for name, text in card.start.items())
    verdict = grade(card, Answer(files))
    assert verdict.points == 0
    assert all(check.status is Status.SKIPPED and not check.evidence for check in verdict.checks)


def test_all_starters_are_untouched_even_if_the_answer_is_what_stays(card: Card) -> None:
    files = ("a.yaml", "b.yaml")
    two = msgspec.structs.replace(card, files=files, start=dict.fromkeys(files, STARTER), given_stays=False)
    same = tuple(AnswerFile(name, STARTER.encode()) for name in files)
    assert is_untouched(two, Answer(same))
    assert not is_untouched(two, Answer(same[:1]))
    assert not is_untouched(two, Answer((*same, AnswerFile("c.yaml", STARTER.encode()))))
    assert not is_untouched(two, Answer((same[0], AnswerFile("c.yaml", STARTER.encode()))))


@pytest.mark.parametrize("more", ["  \n", "      \n", "  # indented\n"])
def test_blank_and_comment_lines_with_spaces(card: Card, more: str) -> None:
    assert is_untouched(card, answer(more + STARTER))
    assert is_untouched(card, answer(STARTER.replace("sun}", "sun}  ")))
    assert not is_untouched(card, answer(STARTER.replace("data:\n", "  data:\n")))


def test_what_the_verdict_on_an_untouched_answer_says(card: Card) -> None:
    verdict = untouched_verdict(card, answer(STARTER))
    assert verdict.card == card.id
    assert verdict.problems[0].remedy == "Do the task, and save the file."
    assert [
        (one.id, one.says, one.status, one.points, one.max_points, one.scope) for one in verdict.checks
    ] == [(one.id, one.says, Status.SKIPPED, 0, one.points, one.scope) for one in card.checks]


def test_a_script_with_more_comments(card: Card) -> None:
    script = msgspec.structs.replace(card, start={"a.sh": "#!/bin/bash\n"})
    assert is_untouched(script, Answer((AnswerFile("a.sh", b"#!/bin/bash\n\n# to do\n"),)))
    assert not is_untouched(script, Answer((AnswerFile("a.sh", b"#!/bin/bash\ntrue\n"),)))


def test_an_empty_script_is_called_empty() -> None:
    """It does as little as the starter, but it isn't the starter."""
    card = find_card("node-open-ports", builtin_pack())
    for text in ("", "\n \n"):
        verdict = grade(card, answer(text, "node.sh"))
        assert [one.message for one in verdict.problems] == [
            "`node.sh` is empty, so there is nothing to grade yet."
        ]
        assert {check.reasons[0].message for check in verdict.checks} == {"the answer is empty"}
    assert "unchanged" in grade(card, answer("# todo\n", "node.sh")).problems[0].message
