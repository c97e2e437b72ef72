"""Changed stored answers through grading, reports and redaction: every rule of every card."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from tools.fuzz.model import Case, Judged, Target, crash, judging
from tools.fuzz.stored import names, stored_answers
from tools.fuzz.tree import ops
from trainer.cli.streams import as_file
from trainer.content.card import Card
from trainer.errors import AnswerUnreadable
from trainer.grading.grade import grade
from trainer.manifests.answer import Answer, AnswerFile
from trainer.report.json import verdict_json
from trainer.report.text import verdict_lines
from trainer.session.recording import new_attempt
from trainer.verdict import Status, Verdict

NOT_JUDGED = "This check could not run: not judged:"
SALT = b"0123456789abcdef"


def verdict_of(card: Card, answer: Answer) -> Verdict | str:
    """The verdict, or why the answer has none. Raises only what is a fault of ours."""
    try:
        return grade(card, answer)
    except AnswerUnreadable as error:
        return str(error)


def faults_of(card: Card, answer: Answer, verdict: Verdict) -> list[str]:
    """What is wrong with a verdict, whatever the answer: errors that aren't a stated limit, broken output."""
    found = []
    for check in verdict.checks:
        if check.status is Status.ERROR:
            messages = [reason.message for reason in check.reasons]
            found += [_shortened(one) for one in messages if not one.startswith(NOT_JUDGED)]
    try:
        msgspec.json.format(msgspec.json.encode(verdict_json(verdict)))
        as_file(verdict_lines(verdict))
        msgspec.json.encode(new_attempt(card, answer, verdict, None, SALT))
    except Exception as error:
        found.append(f"output: {crash(error)}")
    return found


def _shortened(message: str) -> str:
    """A reason without the learner's values: the exception and its place."""
    head, _, rest = message.partition(": ")[2].partition(":")
    return (
        f"not your fault: {head} {rest[rest.rfind('(') :]}"
        if "Not your fault" in message
        else f"error: {head}"
    )


def outcome_of(verdict: Verdict) -> str:
    """The verdict in one word."""
    if verdict.passed:
        return "pass"
    if any(check.status is Status.ERROR for check in verdict.checks):
        return "not judged"
    return "refused" if verdict.refused else "fail"


def judged(card: Card, answer: Answer) -> Judged:
    """Grade an answer: its outcome, and what is wrong with its verdict."""
    verdict = verdict_of(card, answer)
    if isinstance(verdict, str):
        return Judged("unreadable")
    return Judged(outcome_of(verdict), tuple(dict.fromkeys(faults_of(card, answer, verdict))))


@judging
def judge(case: Case) -> Judged:
    """Grade a changed answer."""
    stored = stored_answers()[case["answer"]]
    answer = stored.answer(case["ops"], only=case["file"] % len(stored.parts) if stored.parts else None)
    return judged(stored.card, answer)


def _cases() -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries(
        {"answer": st.sampled_from(names()), "file": st.integers(0, 5), "ops": ops()}
    )


EMPTY = (
    *(
        "",
        "\n",
        "# nothing\n",
        "---\n",
        "---\n---\n",
        "null\n",
        "{}\n",
        "[]\n",
        '""\n',
        "\ufeff",
        "...\n",
        "{\n",
    ),
    *("apiVersion: v1\nkind: List\nitems: []\n", "kind: Pod\n", "- \n", "<<: {}\n"),
)


@judging
def judge_emptied(case: Case) -> Judged:
    """Grade an answer of which nothing is left: it doesn't pass."""
    stored = stored_answers()[case["answer"]]
    data = EMPTY[case["text"] % len(EMPTY)].encode()
    kept = stored.parts[: len(stored.parts) if case["all"] else 1]
    answer = Answer(tuple(AnswerFile(part.name, data) for part in kept))
    found = judged(stored.card, answer)
    passes = (f"an emptied answer passes {stored.card.id}",) if found.outcome == "pass" else ()
    return Judged(found.outcome, (*found.faults, *passes))


def _emptied() -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries(
        {
            "answer": st.sampled_from(names("reference")),
            "text": st.integers(0, len(EMPTY) - 1),
            "all": st.booleans(),
        }
    )


TARGETS = (
    Target("answers", "changed answers of every card: no crash, no error of ours", 250, _cases, judge),
    Target("emptied", "answers of which nothing is left: it doesn't pass", 10, _emptied, judge_emptied),
)
