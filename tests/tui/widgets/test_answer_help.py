"""Tests of `tui.widgets.answer_help`: completion, and what a field means."""

from __future__ import annotations

from tests.tui.fake_session import FakeSession
from tests.tui.showing import assert_shows, assert_soon, shown
from tests.tui.widgets.test_answer_pane import Host
from trainer.tui.screens.explain import ExplainScreen
from trainer.tui.widgets.completion import Completion


async def test_tab_completes_what_is_begun_and_else_indents(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text("apiVersion: v1\nkind: Pod\n")
    async with app.run_test(size=(80, 24)) as pilot:
        pane, view = app.pane, app.pane.view
        pane.begin()
        listed = app.query_one(Completion)
        steps = [
            (["ctrl+end", *"spe", "tab"], "spec:\n  "),
            ([*"containers", "tab"], "spec:\n  containers"),
            (["enter"], "spec:\n  containers:\n    - "),
            ([*"imagep", "tab"], "spec:\n  containers:\n    - imagePullPolicy: "),
            (
                ["tab", "down", "down", "up", "tab"],
                "spec:\n  containers:\n    - imagePullPolicy: IfNotPresent",
            ),
            (
                ["enter", *"securi", "tab"],
                "    - imagePullPolicy: IfNotPresent\n      securityContext:\n        ",
            ),
            (["tab"], "      securityContext:\n          "),
            (["backspace", *"readonly", "tab", *"t", "tab"], "        readOnlyRootFilesystem: true"),
            (["enter", *"nope", "tab"], "        nope  "),
        ]
        for number, (keys, end) in enumerate(steps):
            await pilot.press(*keys)
            assert view.text.endswith(end), f"step {number}: {view.text}"
        assert not listed.is_open
        # typing narrows the list, escape closes it and leaves the editor on
        await pilot.press("enter", "ctrl+@")
        await assert_soon(lambda: len(listed.words) > 5)
        assert listed.words[0].word == "allowPrivilegeEscalation"
        await assert_shows(app, "allowPrivilegeEscalation")
        await pilot.press(*"seL")
        assert [one.word for one in listed.words] == ["seLinuxOptions"]
        await pilot.press("escape")
        assert not listed.is_open
        assert pane.editing
        assert "seLinuxOptions" not in shown(app)
        # a word in the middle of a line is replaced, and the rest of the line stays
        view.show_text("kind: Pod\napiVersion: v1\nspec:\n  restart: x\n")
        view.go_to(4, 10)
        await pilot.press("ctrl+@")
        assert "  restartPolicy: x" in view.text


async def test_the_field_at_the_cursor_is_explained(session: FakeSession) -> None:
    app = Host(session)
    app.file.write_text(
        "kind: Pod\nspec:\n  containers:\n    - securityContext:\n        nope: 1\n\nkinds: x\n"
    )
    async with app.run_test(size=(80, 24)) as pilot:
        view = app.pane.view
        view.focus()
        for line, column, words in (
            (4, 10, "Pod.spec.containers.securityContext"),
            (5, 12, "FIELD: securityContext"),
            (3, 4, "-required-"),
        ):
            view.go_to(line, column)
            await pilot.press("ctrl+e")
            await assert_soon(lambda: isinstance(app.screen, ExplainScreen))
            await assert_shows(app, words)
            await pilot.press("j", "k", "escape")
            await assert_soon(lambda: not isinstance(app.screen, ExplainScreen))
        view.show_text("kind: Nope\nspec: 1")
        await pilot.press("ctrl+e")
        view.show_text("spec: 1")
        await pilot.press("ctrl+e")
        view.show_text("FROM x", "dockerfile")
        await pilot.press("ctrl+e")
        view.show_text('{"kind": "Pod"}', "json")
        app.pane.begin()
        await pilot.press("ctrl+@")
        assert [
            "no kind 'Nope'" in app.told[0],
            "names no kind" in app.told[1],
            app.told[2:] == ["Completion and explanations work in YAML only."] * 2,
        ] == [True] * 3
