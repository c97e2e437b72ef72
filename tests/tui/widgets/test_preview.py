"""Tests of `tui.widgets.preview`: the highlighted card, and the competencies."""

from __future__ import annotations

from datetime import timedelta

from tests.table import each_row
from tests.tui.fake_session import HOSTILE, NOON, card
from trainer.session import AttemptSummary, CardState
from trainer.session.review import Due
from trainer.session.standing import domain_states
from trainer.tui.widgets.preview import coming, preview, topics

TODAY = NOON.date()


def test_the_preview_says_the_last_try_and_the_next_review() -> None:
    last = AttemptSummary(2, NOON.timestamp() - 86400, 2, 5, 2, 3, passed=False)
    prompt = "Create Pod `pod-ro`\nin Namespace `sun`.\n\n- It runs `sleep 1d`.\n- It is **read-only**."
    tried = CardState(card(title=HOSTILE, prompt=prompt), "partial", 2, 40, last)
    lines = preview(tried, NOON).plain.splitlines()
    assert lines[0].startswith("[red]evil[/] [@click=app.quit]x[/]")
    assert lines[1:3] == [
        "RT4 Ensure immutability of containers at runtime",
        "pod-ro · 5 points · last try yesterday: 2 of 3 checks",
    ]
    assert lines[4:] == [
        "Create Pod pod-ro in Namespace sun.",
        "- It runs sleep 1d.",
        "- It is read-only.",
    ]
    due = Due("pod-ro", 0.0, TODAY + timedelta(days=3), ("read-only-root", "gone"))
    text = preview(tried, NOON, due).plain
    assert (
        "review in 3 days; v starts it in another wording\n✗ failed: Every container is read-only\n" in text
    )


@each_row(
    "days, words",
    [(-2, "due for 2 days"), (-1, "due for 1 day"), (0, "due today"), (1, "tomorrow"), (9, "in 9 days")],
)
def test_when_a_card_comes_back(days: int, words: str) -> None:
    assert coming(TODAY + timedelta(days=days), TODAY) == words


def test_competencies_without_cards_are_there() -> None:
    domains = domain_states([CardState(card(), "partial", 1, 40)])  # type: ignore[arg-type]
    text = topics(domains, None, 60).plain.splitlines()
    assert len(text) == 26
    assert {len(line) for line in text} == {60}
    assert next(line for line in text if line.startswith("RT4")).endswith("     40%")
    assert next(line for line in text if line.startswith("CS5")).endswith("  no card")
    assert len(topics(domains, "runtime-security", 30).plain.splitlines()) == 5
