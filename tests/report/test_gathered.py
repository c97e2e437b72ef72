"""A class out of rows: counts, mistakes and percent."""

from __future__ import annotations

from tests.report.answers import ROWS, check, row
from trainer.report.gathered import MOST_MISTAKES, Gathered


def gathered(*rows: object) -> Gathered:
    found = Gathered()
    for one in rows:
        found.add(one)  # type: ignore[arg-type]
    return found


def test_learners_cards_and_points() -> None:
    found = gathered(*ROWS)
    assert [len(found.learners), [card.id for card in found.cards]] == [4, ["pod-ro", "np-deny"]]
    assert (found.points, found.max_points) == ([4, 2, 0, 0], 8)
    assert [found.percent(number) for number in range(4)] == [50, 25, 0, 0]
    assert found.average == 19
    assert [card.average for card in found.cards] == [25, 0]
    assert [number for number, _, _ in found.with_status("missing", "unreadable")] == [1, 3]
    assert (found.cards_of(1, "missing"), found.cards_of(1, "graded")) == (["np-deny"], ["pod-ro"])


def test_a_check_and_what_became_of_it() -> None:
    pod = gathered(*ROWS).cards[0]
    first, second, third = pod.items
    assert (first.passed, first.failed, first.skipped, first.open, first.judged) == (2, 1, 0, 0, 3)
    assert (second.passed, second.failed, second.skipped, second.judged) == (1, 1, 1, 3)
    assert (third.open, third.judged) == (1, 0)
    assert [pod.letter(number, second) for number in range(5)] == ["p", "f", "s", " ", " "]


def test_mistakes_are_the_same_if_they_do_the_same() -> None:
    at = [("ana", 3), ("bo", 7), ("cy", 9)]
    rows = [row(name, [check("fail", reason="Too wide.", line=line)]) for name, line in at]
    item = gathered(*rows, row("dan", [check("fail", reason="Gone.")])).cards[0].items[0]
    assert [(one.messages, one.made) for one in item.mistakes] == [
        (("Too wide.",), [(0, "pod.yaml:3"), (1, "pod.yaml:7"), (2, "pod.yaml:9")]),
        (("Gone.",), [(3, "")]),
    ]


def test_memory_has_a_limit_whatever_learners_do() -> None:
    rows = [
        row(f"l{number}", [check("fail", reason=f"{number} {'x' * 3000}")])
        for number in range(MOST_MISTAKES + 5)
    ]
    item = gathered(*rows).cards[0].items[0]
    assert len(item.mistakes) == MOST_MISTAKES
    assert len(item.others) == 5
    assert len(item.mistakes[0].messages[0]) == 1000
    assert item.failed == MOST_MISTAKES + 5


def test_how_well_a_check_separates() -> None:
    rows = []
    for number in range(12):
        good = number < 6
        status = "pass" if good else "fail"
        rows += [row(f"l{number}", [check(status), check(status, name="b")])]
    found = gathered(*rows)
    found.judge_checks()
    assert [round(item.separates or 0, 3) for item in found.cards[0].items] == [1.0, 1.0]
    few = gathered(*rows[:5])
    few.judge_checks()
    assert few.cards[0].items[0].separates is None
