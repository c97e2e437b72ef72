"""The same answer in another form has the same verdict."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from tools.fuzz.model import Case, Judged, Target, judging
from tools.fuzz.stored import names, stored_answers
from tools.fuzz.targets.answers import outcome_of, verdict_of
from tools.fuzz.tree import ops
from tools.fuzz.writing import Form, forms
from trainer.verdict import Refusal, Verdict


def seen(verdict: Verdict | str) -> dict[str, str]:
    """What must not depend on the form: the status of each check, and what kubectl refuses."""
    if isinstance(verdict, str):
        return {"answer": "unreadable"}
    found = {check.id: str(check.status) for check in verdict.checks}
    found["refused"] = ", ".join(sorted(f"{_named(one)} {one.counts}" for one in verdict.refused))
    return found


def _named(refusal: Refusal) -> str:
    """The document in words, without its place: that depends on the form."""
    return refusal.document.partition(" at ")[0]


@judging
def judge(case: Case) -> Judged:
    """Grade an answer in two forms."""
    stored = stored_answers()[case["answer"]]
    form = msgspec.convert(case["form"], Form)
    plain = verdict_of(stored.card, stored.answer(case["ops"]))
    other = verdict_of(stored.card, stored.answer(case["ops"], form))
    one, two = seen(plain), seen(other)
    outcome = "unreadable" if isinstance(plain, str) else outcome_of(plain)
    if one == two:
        return Judged(outcome)
    changed = next(key for key in {**one, **two} if one.get(key) != two.get(key))
    told = f"{one.get(changed)} -> {two.get(changed)}" if changed != "refused" else "another refusal"
    return Judged(outcome, (f"{stored.card.id} {changed}: {told} in another form",))


def _cases() -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries(
        {
            "answer": st.sampled_from(names()),
            "ops": st.one_of(st.just([]), ops(2)),
            "form": forms().map(msgspec.to_builtins),
        }
    )


TARGETS = (Target("forms", "answers in two forms: the verdict doesn't change", 100, _cases, judge),)
