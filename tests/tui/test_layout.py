"""The layout of a width, before anything is laid out."""

from __future__ import annotations

import pytest

from tests.tui.fake_session import FakeSession
from tests.tui.showing import assert_soon
from trainer.tui.app import TrainerApp
from trainer.tui.layout import BREAKPOINTS, WIDE, classes_for
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.catalogue import Catalogue


@pytest.mark.parametrize("width", [0, 1, 80, WIDE - 1, WIDE, 200])
def test_the_classes_are_those_of_the_breakpoints(width: int) -> None:
    named = max((least, name) for least, name in BREAKPOINTS if width >= least)[1]
    assert classes_for(width) == {name: name == named for _, name in BREAKPOINTS}


@pytest.mark.usefixtures("paints_by_itself")
@pytest.mark.parametrize(("width", "right"), [(80, "-narrow"), (120, "-wide")])
async def test_a_screen_is_never_laid_out_in_the_other_way(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch, width: int, right: str
) -> None:
    seen: list[tuple[str, bool]] = []
    for screen in (CardScreen, Catalogue):
        refresh = screen._refresh_layout

        def noted(self: object, *rest: object, refresh: object = refresh, **more: object) -> None:
            seen.append((type(self).__name__, self.classes & {"-wide", "-narrow"} == {right}))  # type: ignore[attr-defined]
            refresh(self, *rest, **more)  # type: ignore[operator]

        monkeypatch.setattr(screen, "_refresh_layout", noted)
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test(size=(width, 24)) as pilot:
        await pilot.press("enter")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        await pilot.pause()
    assert {name for name, _ in seen} == {"CardScreen", "Catalogue"}
    assert [name for name, fits in seen if not fits] == []
