"""Tests of `tui.widgets.prompt`."""

from __future__ import annotations

from textual.app import App, ComposeResult

from tests.tui.fake_session import HOSTILE, card
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.content.card import Attribution
from trainer.tui.widgets.prompt import PromptView, task_text


def test_everything_of_the_task_is_said() -> None:
    whose = Attribution("An article", "https://example.org/a", "CC BY 4.0", "shortened")
    whole = card(
        given="kind: Namespace\n", node_files={"/etc/x": "y"}, limits="No node here.", attribution=whose
    )
    text = task_text(whole, [], 60).plain
    for words in (
        "Create Pod pod-ro", "Submit\n  pod.yaml", "Given\n  kind: Namespace", "On the node: /etc/x\n  y",
        "No node here.", "kubernetes.io/docs/", "CC BY 4.0; changed:\n  shortened",
    ):  # fmt: skip
        assert words in text
    assert "Hint" not in text


def test_the_folder_of_the_answer_is_named() -> None:
    text = task_text(card(), [], 60, "~/cks-practice/pod-ro").plain
    assert "Submit\n  pod.yaml\n  in ~/cks-practice/pod-ro\n" in text


def test_hints_come_with_their_number() -> None:
    text = task_text(card(), ["Look at the container."], 60).plain
    assert "Hint 1 of 2\n  Look at the container." in text


def test_hostile_text_is_literal() -> None:
    hostile = card(prompt=HOSTILE, given=HOSTILE, limits=HOSTILE, files=(HOSTILE,), docs=(HOSTILE,))
    text = task_text(hostile, [HOSTILE], 200).plain
    assert text.count("[@click=app.quit]x[/]") == 6
    assert not set("\x1b\x9b\u202e") & set(text)


def test_long_lines_of_the_material_stay_indented() -> None:
    given = card(given_files={"audit.log": '{"kind":"Event","verb":"get","user":"jane"}\na:\n  - b'})
    text = task_text(given, [], 20).plain
    lines = text[text.index("Given: audit.log") :].split("\n\n")[0].splitlines()
    assert max(map(len, lines)) <= 20
    assert all(line.startswith("  ") for line in lines[1:])
    assert lines[-2:] == ["  a:", "    - b"], "what fits keeps its shape"
    assert "".join(line[2:] for line in lines[1:-2]) == '{"kind":"Event","verb":"get","user":"jane"}'


class Host(App[None]):
    def __init__(self, prompt: str = "") -> None:
        super().__init__()
        self._prompt = prompt or "\n\n".join(f"paragraph {n}" for n in range(100))

    def compose(self) -> ComposeResult:
        yield PromptView(card(prompt=self._prompt))


async def test_a_task_with_a_scroll_bar_is_wrapped_once() -> None:
    """The bar takes a column: a line as wide as the pane would break again, before its last word."""
    app = Host("\n\n".join(["aaaa aaaa aaaa aaaa aaaa aaaa bb cc"] * 30))
    async with app.run_test(size=(32, 12)):
        await assert_shows(app, "bb cc")


async def test_a_long_task_scrolls_with_vim_keys_and_shows_new_hints() -> None:
    app = Host()
    async with app.run_test(size=(60, 12)) as pilot:
        task = app.query_one(PromptView)
        task.focus()
        assert "paragraph 0" in shown(app)
        await pilot.press("j", "j")
        await assert_soon(lambda: task.scroll_offset.y == 2)
        await pilot.press("G")
        await assert_soon(lambda: task.scroll_offset.y == task.max_scroll_y)
        await pilot.press("home")
        await assert_soon(lambda: task.scroll_offset.y == 0)
        task.show_hints(["Look here."])
        await pilot.pause()
        assert task.scroll_offset.y == 0
        await pilot.press("G")
        await assert_shows(app, "Look here.")
        assert task.scroll_offset.y == task.max_scroll_y > 0


def test_many_given_objects_are_counted() -> None:
    pods = "---\n".join(f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p{number}\n" for number in range(4))
    given = f"{pods}---\nkind: Namespace\nmetadata:\n  name: sun\n"
    text = task_text(card(given=given, start={"a.yaml": "x"}, start_given=("a.yaml",)), [], 60).plain
    assert (
        "Given  g shows the objects\n  Pod (4), Namespace (1)\n  The objects in a.yaml already exist." in text
    )
    assert "name: p1" not in text
    assert "name: p1" in task_text(card(given=f"kind: List\n{given}"), [], 60).plain
    assert "name: p0" in task_text(card(given=pods.split("---")[0]), [], 60).plain
