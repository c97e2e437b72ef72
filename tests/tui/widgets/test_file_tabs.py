"""Tests of `tui.widgets.file_tabs`: the shown file is always visible."""

from __future__ import annotations

from textual.content import Content

from trainer.tui.widgets.file_tabs import state_words, tabs_content

NAMES = [Content(f"file-{number}.yaml") for number in range(9)]


def test_all_tabs_are_shown_if_they_fit() -> None:
    assert tabs_content(NAMES[:3], 1, 40).plain == "file-0.yaml  file-1.yaml  file-2.yaml"


def test_the_shown_file_is_visible_at_any_width() -> None:
    for width in (11, 15, 30, 60, 100):
        for current in range(9):
            line = tabs_content(NAMES, current, width)
            assert line.cell_length <= width
            if width >= 15:
                assert NAMES[current].plain in line.plain, (width, current)
                assert line.plain.startswith("< ") == ("file-0" not in line.plain)
                assert line.plain.endswith(" >") == ("file-8" not in line.plain)


def test_a_name_that_is_too_long_is_cut() -> None:
    assert tabs_content([Content("a" * 50), Content("b")], 0, 10).cell_length <= 10
    assert tabs_content([], 0, 10).plain == ""


def test_a_draft_and_the_file_on_disk_are_told_apart() -> None:
    def words(**more: bool) -> str:
        return state_words(**{"started": True, "editing": False, "draft": False, "overtaken": False, **more})

    assert words(started=False) == "i or e starts it"
    assert words() == "as on disk"
    assert words(editing=True) == "editing"
    assert words(editing=True, draft=True) == "editing, your draft, not saved"
    assert words(draft=True) == "your draft, not saved, ctrl+s saves it, u discards it"
    assert words(draft=True, overtaken=True).startswith("your draft; the file on disk has changed, ctrl+s")
