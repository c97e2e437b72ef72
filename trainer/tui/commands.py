"""One table of everything that keys can do; bindings, footer, palette and help screen come from it.

A command's `action` is the name of an `action_...` method of its place: the app, or a screen.
"""

from __future__ import annotations

from textual.binding import Binding

from trainer.tui.card_commands import CARD
from trainer.tui.command import KEY_NAMES, Command, Place
from trainer.tui.exam_commands import EXAM
from trainer.tui.themes import TITLES

__all__ = ["COMMANDS", "HOMES", "KEY_NAMES", "PLACE_TITLES", "Command", "Place", "bindings_of", "commands_of"]

PLACE_TITLES: dict[Place, str] = {
    "catalogue": "Choosing a card",
    "searching": "Typing a search",
    "card": "Working on a card",
    "editing": "Editing in the built-in editor",
    "typing": "Typing in the built-in editor",
    "exam": "Sitting a mock exam",
    "exam-editing": "Writing an answer of a mock exam",
    "exam-report": "Reading the report of a mock exam",
    "exams": "Choosing a mock exam",
    "solution": "Reading the solution",
    "given": "Looking at what exists before the answer",
    "links": "Choosing a page",
    "progress": "Your progress",
    "list": "Moving around",
    "app": "Everywhere",
}
"""The headings of the help screen, in order."""

HOMES: dict[Place, str] = {"editing": "#answer", "exam-editing": "#answer", "typing": "AnswerView"}
"""By place: the widget, as a selector, whose actions its commands are; elsewhere they are the screen's."""

COMMANDS: tuple[Command, ...] = (
    Command("catalogue", "open", ("enter",), "open", "Open the highlighted card", "Open the card."),
    Command(
        "catalogue",
        "search",
        ("slash",),
        "search",
        "Search the cards",
        "Search tasks, kinds and topics; due, new, weak, passed, hard are filters.",
    ),
    Command(
        "catalogue",
        "next_todo",
        ("n",),
        "next",
        "Start what comes next: continue, due, weak, new",
        "Start what the plan says: continue, due, weak, new.",
    ),
    Command(
        "catalogue",
        "progress",
        ("p",),
        "progress",
        "Show my progress",
        "Show mastery by domain, and your last attempts.",
    ),
    Command(
        "catalogue",
        "review",
        ("v",),
        "",
        "Review the highlighted card: start over in another wording",
        "Start the card over in another wording; your answer is backed up.",
    ),
    Command(
        "catalogue",
        "rate",
        ("a",),
        "",
        "Rate how well I knew the highlighted card",
        "Rate how well you knew the card: again, hard, good, easy.",
    ),
    Command(
        "catalogue",
        "sort",
        ("o",),
        "sort",
        "Sort the cards in another order",
        "Sort the cards in another order.",
    ),
    Command(
        "catalogue", "exam", ("x",), "mock exam", "Begin or resume a mock exam", "Begin or resume an exam."
    ),
    Command(
        "catalogue",
        "drill",
        ("X",),
        "",
        "Begin a drill: a short exam",
        "Begin a drill: a short exam of your minutes, cards or domain.",
    ),
    Command("catalogue", "exams", ("h",), "", "Show my mock exams: history", "Show all mock exams."),
    Command("catalogue", "goal", (), "", "Set the day of my exam and the minutes a day", "Set your goal."),
    Command("catalogue", "back", ("escape",), "", "", "End the search, or show all domains again."),
    Command("searching", "to_cards", ("enter",), "to the cards", "", "Go to the cards that were found."),
    Command("searching", "back", ("escape",), "end search", "", "End the search."),
    *CARD,
    Command(
        "editing",
        "save",
        ("ctrl+s",),
        "save and grade",
        "Save and grade the answer",
        "Save; the answer is graded at once.",
    ),
    Command("editing", "stop", ("escape",), "stop editing", "", "Stop editing; unsaved text is kept."),
    Command("editing", "find", ("ctrl+f",), "find", "Find in the answer", "Find words in the text."),
    Command(
        "editing", "find_next", ("f3",), "", "Find the next place", "Go to the next place that was found."
    ),
    Command(
        "editing",
        "find_previous",
        ("shift+f3",),
        "",
        "Find the previous place",
        "Go to the previous place that was found.",
    ),
    Command("editing", "go_to_line", ("ctrl+g",), "", "Go to a line by its number", "Go to a line."),
    Command(
        "editing", "complete", ("ctrl+@",), "", "Complete: fields and values", "Propose fields and values."
    ),
    Command(
        "editing",
        "explain",
        ("ctrl+e",),
        "explain",
        "Explain the field at the cursor",
        "Explain the field at the cursor, as kubectl explain does.",
    ),
    Command("typing", "indent", ("tab",), "", "", "Complete a word; indent the line or the selection."),
    Command("typing", "dedent", ("shift+tab",), "", "", "Dedent the line or the selection."),
    Command("typing", "undo", ("ctrl+z",), "", "Undo the last change", "Undo the last change."),
    Command(
        "typing", "redo", ("ctrl+y", "ctrl+shift+z"), "", "Redo the last change", "Redo what was undone."
    ),
    Command(
        "typing",
        "comment",
        ("ctrl+underscore", "ctrl+slash"),
        "",
        "Comment or uncomment the lines",
        "Make the lines comments, or text again.",
    ),
    Command("typing", "select_all", ("ctrl+a",), "", "Select all", "Select the whole text."),
    Command(
        "typing",
        "copy",
        ("ctrl+c", "super+c"),
        "",
        "Copy the selection",
        "Copy the selection; in the editor without one, the line.",
    ),
    Command("typing", "copy_all", (), "", "Copy the whole answer", "Copy the whole file."),
    Command("typing", "cut", ("ctrl+x", "super+x"), "", "", "Cut the selection or the line."),
    Command("typing", "paste", ("ctrl+v",), "", "Paste", "Paste what was copied here."),
    Command("typing", "top", ("ctrl+home",), "", "", "Go to the start of the text."),
    Command("typing", "bottom", ("ctrl+end",), "", "", "Go to the end of the text."),
    Command("typing", "top(True)", ("ctrl+shift+home",), "", "", "Select up to the start."),
    Command("typing", "bottom(True)", ("ctrl+shift+end",), "", "", "Select down to the end."),
    Command(
        "solution",
        "section('differences')",
        ("d",),
        "diff",
        "Go to the differences",
        "Go to the differences from your answer.",
    ),
    Command(
        "solution",
        "section('files')",
        ("s",),
        "solution",
        "Go to the solution's files",
        "Go to the solution's files.",
    ),
    Command(
        "solution",
        "section('kubectl')",
        ("c",),
        "with kubectl",
        "Go to the solution with kubectl",
        "Go to the fast way with kubectl.",
    ),
    Command(
        "solution",
        "section('explain')",
        ("x",),
        "explanation",
        "Go to the explanation",
        "Go to the explanation.",
    ),
    Command("solution", "back", ("escape",), "back", "Go back to the card", "Go back to the card."),
    Command("links", "open", ("o",), "open", "Open the page", "Open the page; enter does the same."),
    Command("links", "copy", ("y",), "copy", "Copy the address", "Copy the address of the page."),
    Command("links", "back", ("escape",), "back", "Go back", "Go back."),
    Command("given", "switch", ("tab",), "to the text", "", "From the tables to the text, or back."),
    Command("given", "back", ("escape",), "back", "Go back", "Go back."),
    Command(
        "progress",
        "open",
        ("enter",),
        "open card",
        "Open the highlighted card",
        "Open the card of the highlighted row.",
    ),
    Command(
        "progress",
        "charts",
        ("c",),
        "charts",
        "Show the charts, or the report",
        "Show the charts, or the report again.",
    ),
    Command("progress", "back", ("escape",), "back", "Go back", "Go back."),
    *EXAM,
    Command("list", "cursor_down", ("down", "j"), "", "", "Down."),
    Command("list", "cursor_up", ("up", "k"), "", "", "Up."),
    Command("list", "page_down", ("pagedown",), "", "", "Page down."),
    Command("list", "page_up", ("pageup",), "", "", "Page up."),
    Command("list", "first", ("home", "g"), "", "", "First row."),
    Command("list", "last", ("end", "G"), "", "", "Last row."),
    Command("app", "help", ("question_mark", "f1"), "help", "Show help and all keys", "Show this help."),
    Command("app", "command_palette", ("ctrl+p",), "palette", "", "Find any action or card by name."),
    Command("app", "choose_theme", ("t",), "", "Choose the theme: colors", "Choose the colors."),
    *(
        Command("app", f"theme('{name}')", (), "", f"Theme: {title.lower()}", f"Use these colors: {title}.")
        for name, title in TITLES.items()
    ),
    Command("app", "about", (), "", "About cks-trainer", "About cks-trainer."),
    Command(
        "app",
        "quit",
        ("q", "ctrl+q", "ctrl+c"),
        "quit",
        "Quit cks-trainer",
        "Quit; asks first if text is unsaved.",
    ),
)
"""Every command; the order inside a place is the footer's, palette's and help's."""


def commands_of(*places: Place) -> list[Command]:
    """The commands of these places, in the order of the places."""
    return [command for place in places for command in COMMANDS if command.place == place]


def bindings_of(place: Place) -> list[Binding]:
    """The key bindings of a place, for a screen's, widget's or app's `BINDINGS`."""
    return [
        Binding(",".join(command.keys), command.action, command.help, show=False)
        for command in COMMANDS
        if command.place == place and command.keys
    ]
