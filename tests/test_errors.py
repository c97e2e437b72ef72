"""Tests of `errors`: everything that the trainer raises on purpose."""

from __future__ import annotations

import inspect

from trainer import errors
from trainer.errors import AnswerUnreadable, CardError, NotJudged, TrainerError, UsageError
from trainer.verdict import Location, Problem


def test_the_tree_is_drawn_in_full() -> None:
    classes = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, TrainerError)]
    assert all(one.__name__ in (errors.__doc__ or "") for one in classes)
    assert len(classes) == 8


def test_message_and_remedy() -> None:
    assert str(UsageError("no such card", remedy="see list")) == "no such card (see list)"
    assert str(UsageError("no such card")) == "no such card"


def test_what_the_errors_carry() -> None:
    assert AnswerUnreadable("gone", file="a.yaml").file == "a.yaml"
    assert CardError("wrong", [Problem("x")]).problems == (Problem("x"),)
    assert str(NotJudged("eval", Location("a.yaml", 7, 1))) == "not judged: eval, a.yaml line 7"
    assert str(NotJudged("eval")) == "not judged: eval"
