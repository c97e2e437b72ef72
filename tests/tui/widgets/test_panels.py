"""Tests of `tui.widgets.panels`: a hint, and what to do after a pass."""

from __future__ import annotations

from datetime import date

import msgspec
from textual.app import App, ComposeResult
from textual.content import Content

from tests.tui.fake_session import HOSTILE, card
from tests.tui.showing import shown
from trainer.session import CardState
from trainer.session.plan import Step
from trainer.session.review import Due, Rating
from trainer.session.today import Review
from trainer.tui.widgets.panels import HintPanel, PassPanel, facts, next_line, review_line


class Host(App[None]):
    CSS = ".frame { border: round white; }"

    def compose(self) -> ComposeResult:
        yield HintPanel()
        yield PassPanel()


def test_the_time_is_compared_with_the_target() -> None:
    four = card()
    assert facts(four, 240, 1, 0) == "04:00, which is 00:00 under the target of 4 min · attempt 1 · no hints"
    assert facts(four, 250, 0, 2) == "04:10, which is 00:10 over the target of 4 min · 2 hints"
    assert facts(four, None, 3, 1) == "This answer had passed before · attempt 3 · 1 hint"


def test_what_comes_after_a_pass_is_said_with_its_key() -> None:
    today = date(2026, 3, 1)
    review = Review(1, Rating.GOOD, chosen=False, due=Due("pod-ro", 0.0, date(2026, 3, 4), ()))
    plain = review_line(review, today, varies=True).plain
    assert plain == "Back in 3 days, in another variant · rated good, a changes that"
    chosen = msgspec.structs.replace(review, chosen=True)
    assert (
        review_line(chosen, today, varies=False).plain == "Back in 3 days · you rated it good, a changes that"
    )
    step = Step("due", CardState(card(title=HOSTILE), "passed"))  # type: ignore[arg-type]
    assert next_line(step).plain.startswith("n due: [red]evil[/] [@click=app.quit]x[/]")
    assert next_line(step).plain.endswith(" · 4 min")
    assert next_line(None).plain == "Every other card has passed, and none is due."


async def test_panels_are_hidden_literal_and_short() -> None:
    app = Host()
    long = card(hints=(HOSTILE, "word " * 300), imperative="\n".join(f"kubectl get {n}" for n in range(20)))
    async with app.run_test(size=(80, 24)) as pilot:
        assert not shown(app).strip()
        app.query_one(HintPanel).show(long, 1)
        await pilot.pause()
        assert "Hint 1 of 2" in shown(app)
        assert "[red]evil[/] [@click=app.quit]x[/]" in shown(app)
        app.query_one(HintPanel).show(long, 2)
        await pilot.pause()
        assert "the whole hint is at the end of the task" in shown(app)
        app.query_one(HintPanel).show(long, 0)
        panel = app.query_one(PassPanel)
        panel.show(long, seconds=1, attempt=1, hints=0)
        await pilot.pause()
        assert "Hint" not in shown(app)
        assert "kubectl get 2" in shown(app)
        assert "s shows all" in shown(app)
        assert panel.size.height <= 7
        panel.show_after([Content("AFTER")])
        await pilot.pause()
        assert "AFTER" in shown(app)
        panel.hide()
        await pilot.pause()
        assert not shown(app).strip()
