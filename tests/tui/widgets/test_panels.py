"""Tests of `tui.widgets.panels`: a hint, and what to do after a pass."""

from __future__ import annotations

from textual.app import App, ComposeResult

from tests.tui.fake_session import HOSTILE, card
from tests.tui.showing import shown
from trainer.tui.widgets.panels import HintPanel, PassPanel, facts


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
        assert panel.size.height <= 6
        panel.hide()
        await pilot.pause()
        assert not shown(app).strip()
