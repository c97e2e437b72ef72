"""The rows of the command table for working on a card."""

from __future__ import annotations

from trainer.tui.command import Command

CARD: tuple[Command, ...] = (
    Command(
        "card",
        "edit",
        ("e",),
        "editor",
        "Open the answer in my editor",
        "Open the answer in $VISUAL or $EDITOR.",
    ),
    Command(
        "card",
        "write",
        ("i", "enter"),
        "edit",
        "Edit the answer here",
        "Edit the answer in the built-in editor.",
    ),
    Command(
        "card", "grade", ("r",), "grade", "Grade the answer now", "Grade now; every save is graded anyway."
    ),
    Command("card", "hint", ("h",), "hint", "Show the next hint", "Show hints, one at a time."),
    Command(
        "card",
        "solution",
        ("s",),
        "solution",
        "Show the solution",
        "Show the solution; asks first, unless you passed.",
    ),
    Command(
        "card",
        "difference",
        ("d",),
        "diff",
        "How my answer differs from the solution",
        "Compare with the solution; asks first, unless you passed.",
    ),
    Command(
        "card",
        "given",
        ("g",),
        "given",
        "Show what exists in the cluster, and the given files",
        "Show the objects that exist before the answer as kubectl get prints them, and the given files.",
    ),
    Command(
        "card",
        "open_link",
        ("o",),
        "",
        "Open a page that is allowed in the exam",
        "Open a page in the browser.",
    ),
    Command("card", "copy_link", ("y",), "", "Copy the address of a page", "Copy a page's address (OSC 52)."),
    Command("card", "switch_clipboard", (), "", "Switch the clipboard on or off", "Switch copying."),
    Command("card", "note", ("m",), "", "Write a note on this card", "Write a note on the card."),
    Command("card", "bookmark", ("b",), "", "Bookmark this card, or remove it", "Bookmark the card, or not."),
    Command(
        "card",
        "cluster",
        ("c",),
        "",
        "Check a cluster, prepare or reset it",
        "Check a cluster, prepare or reset it; asks first.",
    ),
    Command(
        "card",
        "next_mark",
        ("right_square_bracket",),
        "",
        "Go to the next marked line",
        "Go to the next marked line.",
    ),
    Command(
        "card",
        "previous_mark",
        ("left_square_bracket",),
        "",
        "Go to the previous marked line",
        "Go to the previous marked line.",
    ),
    Command(
        "card", "next_file", ("f",), "", "Show the next file of the answer", "Show the answer's next file."
    ),
    Command("card", "pane('task')", ("1",), "", "Show the task", "Show the task."),
    Command("card", "pane('answer')", ("2",), "", "Show the answer", "Show the answer."),
    Command("card", "pane('checks')", ("3",), "", "Show the checks", "Show the checks."),
    Command("card", "pane('effect')", ("4",), "", "", "Show what the answer does."),
    Command("card", "next_pane", ("tab",), "", "", "Next pane: task, answer, checks, effect."),
    Command("card", "previous_pane", ("shift+tab",), "", "", "Previous pane."),
    Command(
        "card",
        "zoom",
        ("z",),
        "",
        "Zoom this pane: fill the screen, or go back",
        "Fill the screen with this pane, or show all again (or click its title twice).",
    ),
    Command("card", "pause", ("p",), "", "Pause the timer, or resume", "Pause the time, or let it run on."),
    Command(
        "card",
        "discard",
        ("u",),
        "",
        "Go back to the saved text of this file",
        "Go back to the saved file; your unsaved text is backed up.",
    ),
    Command(
        "card",
        "reset",
        ("R",),
        "",
        "Reset this card: start over",
        "Reset to the starter files (your answer is backed up).",
    ),
    Command("card", "next_card", ("n",), "next", "Go to the next card", "Go to the next card."),
    Command(
        "card",
        "effect",
        ("w",),
        "",
        "Show what my answer does",
        "Show what the answer does, or hide it: enter on a wrong row goes to the line that decides.",
    ),
    Command("card", "back", ("escape",), "back", "Go back to the cards", "Go back to the cards."),
)
"""In the order of the footer, the palette and the help."""
