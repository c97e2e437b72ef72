"""The forms of a shell script."""

from __future__ import annotations

from trainer.simulate.shell.parser import parse_shell
from trainer.simulate.shell.syntax import Assignment, Part, Pipeline, Redirect, Simple, Step


def test_a_script_is_plain_data() -> None:
    words = ((Part("text", "rm"),), (Part("variable", "f", quoted=True),))
    simple = Simple(
        (Assignment("f", (Part("text", "x"),)),), words, (Redirect(2, ">", (Part("text", "y"),)),)
    )
    (steps,) = parse_shell('f=x rm "$f" 2>y')
    (step,) = steps
    without = step.pipeline.commands[0]
    assert isinstance(without, Simple)
    assert (without.assignments, without.redirects) == (simple.assignments, simple.redirects)
    assert Step(Pipeline((simple,))) == Step(Pipeline((simple,)), "")
