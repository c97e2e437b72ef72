"""The rows of the command table for the mock exam."""

from __future__ import annotations

from trainer.tui.command import Command

EXAM: tuple[Command, ...] = (
    Command("exam", "open", ("enter",), "", "", "Go to the highlighted card; else edit."),
    Command("exam", "write", ("i",), "edit", "Edit the answer here", "Edit the answer here."),
    Command("exam", "edit", ("e",), "editor", "Open the answer in my editor", "Open $VISUAL or $EDITOR."),
    Command(
        "exam", "flag", ("f",), "flag", "Flag this card, or remove its flag", "Flag it, or remove the flag."
    ),
    Command("exam", "given", ("g",), "given", "Show what exists, and the given files", "Show what exists."),
    Command("exam", "open_link", ("o",), "", "Open a page that is allowed", "Open a page in the browser."),
    Command("exam", "copy_link", ("y",), "", "Copy the address of a page", "Copy a page's address (OSC 52)."),
    Command("exam", "next_card", ("n",), "next", "Go to the next card", "Go to the next card."),
    Command(
        "exam", "previous_card", ("p",), "previous", "Go to the previous card", "Go to the previous card."
    ),
    Command("exam", "finish", ("F",), "finish", "End the exam and grade it", "End and grade it; asks once."),
    Command("exam", "pane('cards')", ("1",), "", "Show the cards of the exam", "Show the cards."),
    Command("exam", "pane('task')", ("2",), "", "Show the task", "Show the task."),
    Command("exam", "pane('answer')", ("3",), "", "Show the answer", "Show the answer."),
    Command("exam", "next_pane", ("tab",), "", "", "Next pane: cards, task, answer."),
    Command("exam", "previous_pane", ("shift+tab",), "", "", "Previous pane."),
    Command(
        "exam", "next_file", ("v",), "", "Show the next file of the answer", "Show the answer's next file."
    ),
    Command("exam", "back", ("escape",), "pause", "Pause the exam", "Leave; the clock stops, x resumes."),
    Command("exam-editing", "save", ("ctrl+s",), "save", "Save the answer", "Save; nothing is graded."),
    Command("exam-editing", "stop", ("escape",), "stop editing", "", "Stop editing; the text is saved."),
    Command("exam-editing", "find", ("ctrl+f",), "find", "Find in the answer", "Find words in the text."),
    Command("exam-report", "open", ("enter",), "solution", "Show this card's solution", "Show the solution."),
    Command(
        "exam-report", "again", ("a",), "same cards", "Take these cards again", "Same cards, other variants."
    ),
    Command("exam-report", "exam", ("x",), "new exam", "Begin a new exam", "Begin an exam with other cards."),
    Command("exam-report", "history", ("h",), "history", "Show my mock exams", "Show all exams."),
    Command("exam-report", "back", ("escape",), "back", "Go back", "Go back."),
    Command("exams", "open", ("enter",), "report", "Show this exam's report", "Show its report."),
    Command("exams", "exam", ("x",), "new exam", "Begin or resume an exam", "Begin or resume an exam."),
    Command("exams", "back", ("escape",), "back", "Go back", "Go back."),
)
"""Every command of the exam's screens; the start screen has its own."""
