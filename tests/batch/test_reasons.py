"""Why there is no answer."""

from __future__ import annotations

from pathlib import Path

from tests.table import each_row
from trainer.batch.find import wanted
from trainer.batch.reasons import left_over, why_missing

POD, DENY = wanted({"pod-ro": ("pod.yaml",), "np-deny": ("policy.yaml",)})


@each_row(
    "names, said",
    [
        ([], "no answer: the learner's folder is empty"),
        ([".git"], "no answer"),
        (["np-deny.yaml"], "no answer"),
        (["pod-ro.zip", "np-deny.zip"], "pod-ro.zip was not read: unpack it"),
        (["pod.yaml.bak", "notes.md"], "pod.yaml.bak was not read: name it pod.yaml"),
        (["a.md", "b.md", "c.md", "d.md", "e.md"], "no answer; not read: a.md, b.md, c.md and 2 more"),
    ],
)
def test_what_is_there_instead(names: list[str], said: str) -> None:
    assert why_missing({name: Path("ana", name) for name in names}, POD, ()) == said


def test_what_the_folder_of_the_card_has() -> None:
    assert why_missing({}, POD, [Path("pod-ro/ana.md")]) == "no answer; not read: ana.md"
    assert left_over([], DENY) == ""
