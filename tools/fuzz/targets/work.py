"""Stored answers in which one list is much longer: the work for them is bounded.

Work is the number of functions that are called, so that the machine's speed says nothing.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tools.calls import counted
from tools.fuzz.model import Case, Judged, Target, judging
from tools.fuzz.stored import Part, Stored, names, stored_answers
from tools.fuzz.targets.answers import outcome_of, verdict_of
from tools.fuzz.tree import Map, copied, slots
from tools.fuzz.writing import written
from trainer.manifests.answer import Answer, AnswerFile

MORE = 100
"""Items that a list gets, each with its own name."""
MOST = 5_000_000
"""Calls that an answer with them may take: a second or two. The stored ones take less than 100,000."""


@judging
def judge(case: Case) -> Judged:
    """Grade an answer with more items in one of its lists, and count the calls."""
    stored = stored_answers()[case["answer"]]
    answer = _longer(stored, case["list"], MORE)
    if answer is None:
        return Judged("no list")
    verdict, calls = counted(lambda: verdict_of(stored.card, answer))
    outcome = "unreadable" if isinstance(verdict, str) else outcome_of(verdict)
    return Judged(outcome, (f"too much work for {stored.card.id}",) if calls > MOST else ())


def _longer(stored: Stored, which: int, size: int) -> Answer | None:
    """The answer with so many items in one of its lists; every item has its own name or text."""
    files, is_longer = [], False
    for part in stored.parts:
        nodes = [copied(node) for node in part.nodes]
        lists = [nodes, *(owner[index] for owner, index in slots(nodes) if isinstance(owner[index], list))]
        lists = [one for one in lists if one]
        if lists and not part.is_text and not is_longer:
            chosen = lists[which % len(lists)]
            chosen += [_another(chosen[number % len(chosen)], number) for number in range(size)]
            is_longer = True
        files.append(AnswerFile(part.name, _data(part, nodes)))
    return Answer(tuple(files)) if is_longer else None


def _data(part: Part, nodes: list[Any]) -> bytes:
    return part.data() if part.is_text else written(nodes).encode("utf-8", "surrogatepass")


def _another(item: Any, number: int) -> Any:
    if isinstance(item, str):
        return f"{item}{number}"
    made = copied(item)
    if isinstance(made, Map):
        for pair in made.pairs:
            if pair[0] == "name" and isinstance(pair[1], str):
                pair[1] = f"{pair[1]}-{number}"
            elif pair[0] == "metadata" and isinstance(pair[1], Map):
                pair[1] = _another(pair[1], number)
    return made


def _cases() -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries({"answer": st.sampled_from(names()), "list": st.integers(0, 30)})


TARGETS = (Target("work", "longer lists: a bounded number of calls", 2, _cases, judge),)
