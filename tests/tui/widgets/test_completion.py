"""Tests of `tui.widgets.completion`: the list of words."""

from __future__ import annotations

from textual.app import App, ComposeResult

from tests.tui.showing import shown
from trainer.manifests.schema.complete import Proposal
from trainer.tui.widgets.completion import ROWS, Completion


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield Completion()


async def test_the_arrows_choose_and_the_highlight_stays_on_its_word() -> None:
    app = Host()
    async with app.run_test(size=(40, 14)) as pilot:
        listed = app.query_one(Completion)
        assert listed.key("tab") == "other"
        words = [Proposal(f"word{n}", f"note [red]{n}[/]") for n in range(20)]
        listed.offer(words)
        await pilot.pause()
        assert "▸ word0" in shown(app)
        assert "note [red]0[/]" in shown(app)
        assert "1 of 20" in shown(app)
        keys = ["down", "up", "up", "pageup", "pagedown", "pagedown"]
        chosen = [(listed.key(key), listed.chosen.word)[1] for key in keys]
        assert chosen == ["word1", "word0", "word19", f"word{19 - ROWS}", "word19", "word19"]
        listed.offer(words[15:])
        assert listed.chosen.word == "word19"
        assert listed.key("x") == "other"
        assert listed.key("enter") == "taken"
        assert listed.key("escape") == "kept"
        assert not listed.is_open
        await pilot.pause()
        assert "word" not in shown(app)
