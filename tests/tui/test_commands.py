"""Tests of `tui.commands`: one table of everything that keys can do."""

from __future__ import annotations

import re

from tests.table import each_row
from trainer.tui.app import TrainerApp
from trainer.tui.commands import COMMANDS, PLACE_TITLES, Command, bindings_of, commands_of
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.exam import ExamScreen
from trainer.tui.screens.exam_report import ReportScreen
from trainer.tui.screens.exams import ExamsScreen
from trainer.tui.screens.given import GivenScreen
from trainer.tui.screens.links import LinksScreen
from trainer.tui.screens.progress import Progress
from trainer.tui.screens.solution import SolutionScreen
from trainer.tui.widgets.answer_pane import AnswerPane
from trainer.tui.widgets.editor import Editor
from trainer.tui.widgets.lists import PlainList

HOMES = {
    "app": (TrainerApp,),
    "catalogue": (Catalogue,),
    "searching": (Catalogue,),
    "card": (CardScreen,),
    "editing": (AnswerPane,),
    "typing": (Editor,),
    "exam": (ExamScreen,),
    "exam-editing": (AnswerPane,),
    "exam-report": (ReportScreen,),
    "exams": (ExamsScreen,),
    "solution": (SolutionScreen,),
    "given": (GivenScreen,),
    "links": (LinksScreen,),
    "progress": (Progress,),
    "list": (PlainList,),
}


@each_row("command", COMMANDS, ids=lambda command: f"{command.place}-{command.action}")
def test_every_command_has_its_action_and_its_words(command: Command) -> None:
    name = command.action.partition("(")[0]
    assert all(hasattr(home, f"action_{name}") for home in HOMES[command.place])
    assert command.help.endswith(".")
    assert command.keys or command.palette


@each_row("place", HOMES)
def test_no_key_means_two_things_in_one_place(place: str) -> None:
    keys = [key for command in commands_of(place) for key in command.keys]  # type: ignore[arg-type]
    assert len(keys) == len(set(keys))


def test_bindings_are_the_tables() -> None:
    bindings = {binding.key: binding.action for binding in bindings_of("catalogue")}
    assert bindings["slash"] == "search"
    assert all(not binding.show for binding in bindings_of("app"))


def test_every_place_has_its_heading_in_the_help() -> None:
    assert set(PLACE_TITLES) == {command.place for command in COMMANDS}


def test_shown_keys_are_what_a_keyboard_has() -> None:
    assert all(re.fullmatch(r"[a-zA-Z0-9?/\[\]+_]+", command.key) for command in COMMANDS if command.keys)
