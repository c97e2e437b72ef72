"""The JSON forms of the command line as types: `docs/results.schema.json` is made from them.

Fields may be added, never changed or taken away. A test validates real outputs with these types.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class ReasonForm(_Form, frozen=True):
    """Why a check has its status. Fields of the place are omitted if there is no place."""

    message: str
    """What is wrong, and what to do; lines are separated by newlines."""
    file: str = ""
    line: int = 0
    """Counted from 1; 0 where the place has no line (an object read from a cluster)."""
    column: int = 0
    """Counted from 1."""
    path: str = ""
    """The field, as `spec.containers[0].image`."""


class ProblemForm(_Form, frozen=True):
    """What kubectl would refuse (error), or would only warn about."""

    message: str
    severity: Literal["error", "warning"]
    remedy: str = ""
    """What to do; omitted if the message already says it."""
    file: str = ""
    line: int = 0
    """Counted from 1."""
    column: int = 0
    """Counted from 1."""
    path: str = ""
    """The field, as `spec.containers[0].image`."""


class CheckForm(_Form, frozen=True):
    """One check, judged."""

    id: str
    says: str
    """What the check requires."""
    status: Literal["pass", "fail", "skipped", "error"]
    """`skipped`: a need is not met. `error`: it could not be judged, which is not the learner's fault."""
    points: int
    """0 or `max_points`."""
    max_points: int
    scope: Literal["file", "live"]
    """Whether the check looked at the files or at a cluster's objects."""
    reasons: tuple[ReasonForm, ...]
    evidence: tuple[str, ...]
    """Concrete effects, one sentence each."""
    why: str = ""
    """Why the check matters; omitted if the card doesn't say it."""


class RefusalForm(_Form, frozen=True):
    """A document that kubectl would not get into the cluster."""

    document: str
    """The object, or the place of a document that isn't readable."""
    counts: bool
    """Whether a check could be about it. Then the answer doesn't pass, even if every check does."""


class CellForm(_Form, frozen=True):
    """One fact of a picture; an empty word is an empty cell."""

    state: Literal["right", "wrong", "unasked"]
    word: str
    before: str = ""
    """What held without the answer; omitted if it is the same or unknown."""
    file: str = ""
    line: int = 0
    """Counted from 1: the place that decides a wrong cell; omitted without a place."""


class RowForm(_Form, frozen=True):
    """One line of a picture; it may have fewer cells than there are columns."""

    head: str
    cells: tuple[CellForm, ...]
    depth: int = 0
    """In a tree: how deep the row is."""


class EffectForm(_Form, frozen=True):
    """What the answer does, as one check's rule draws it."""

    check: str
    """The ID of the check."""
    title: str
    kind: Literal["table", "tree"]
    columns: tuple[str, ...]
    rows: tuple[RowForm, ...]
    left_out: str = ""
    """A sentence about rows and columns that aren't shown; omitted if all are."""


class VerdictForm(_Form, frozen=True):
    """`grade --json`, each line of `watch --json`, `verdict` in the results of a batch."""

    schema: Literal["cks-trainer.verdict/1"]
    card: str
    seed: int
    """The seed of the card's variant; 0 is the card as written."""
    passed: bool
    """Full marks, and nothing is refused that a check could be about."""
    points: int
    max_points: int
    problems: tuple[ProblemForm, ...]
    refused: tuple[RefusalForm, ...]
    checks: tuple[CheckForm, ...]
    attempt: int = 0
    """The number of the recorded attempt; omitted if none was recorded."""
    not_recorded: str = ""
    """Why the attempt was not recorded although it should be; omitted if all is well."""
    cluster_error: dict[str, Any] = {}
    """Why a live check stopped early, in the form of an error; omitted if it didn't."""
    effect: tuple[EffectForm, ...] = ()
    """What the answer does, only with `--effect`: a picture of each judged check whose rule draws one."""


class CardForm(_Form, frozen=True):
    """A card in a list."""

    id: str
    title: str
    domain: str
    competency: str
    difficulty: Literal["easy", "medium", "hard"]
    minutes: int
    """At the exam's pace."""
    points: int
    kubernetes: str
    """The minor version of Kubernetes that answers are judged by."""
    status: Literal["new", "started", "partial", "passed"]
    best: int | None
    """The learner's best result in percent; null before the first attempt."""


class ListForm(_Form, frozen=True):
    """`list --json`."""

    schema: Literal["cks-trainer.list/1"]
    cards: tuple[CardForm, ...]
    problems: tuple[dict[str, Any], ...]
    """What is wrong with cards that are skipped."""


class AnswersForm(_Form, frozen=True):
    """How many stored answers were tried."""

    reference: int
    also: int
    wrong: int


class MutantsForm(_Form, frozen=True):
    """How many mutants of references were tried, and what became of them."""

    made: int
    killed: int
    """They are rejected, as they should be."""
    harmless: int
    """They pass, and the card says why that is right."""
    survived: int
    """They pass, although they should not."""


class PackcheckForm(_Form, frozen=True):
    """`pack check --json`."""

    schema: Literal["cks-trainer.packcheck/1"]
    cards: int
    answers: AnswersForm
    variants: int
    """In how many other wordings the answers of their cards were tried."""
    mutants: MutantsForm
    problems: tuple[ProblemForm, ...]
    competencies: dict[str, int]
    """How many cards train each competency."""


class ResultForm(_Form, frozen=True):
    """A line of `results.jsonl` of a batch."""

    schema: Literal["cks-trainer.result/1"]
    learner: str
    card: str
    status: Literal["graded", "missing", "unreadable", "error"]
    """With error, at least one check could not run: the points aren't final."""
    passed: bool
    points: int
    max_points: int
    file: str | None
    """The answer's path inside the submissions; null where it is missing."""
    verdict: VerdictForm | None
    """Null if missing or unreadable."""
    message: str
    """Why there is no result, or the first reason why the answer didn't pass."""
    seed: int
    """The seed of the learner's variant of the card; 0 is the card as written."""
    id: str
    """The same in every run for this learner and card."""
    answer: str | None
    """SHA-256 of the names and bytes of the answer's files; null if they weren't read."""
    submitted_at: str | None
    """When the answer was submitted, in UTC: 2026-12-01T18:00:00Z. Null if unknown, or not requested."""
    late: bool | None
    """Whether that is after the due time. Null without a due time, and if it isn't known."""
    penalty: float
    """Points that the late policy takes away."""
    final_points: float
    """The points that count: `points` without `penalty`."""
    not_counted: tuple[str, ...]
    """Places of older answers of this learner to this card."""
    not_read: tuple[str, ...]
    """What else the learner has submitted, and no card of the batch asks for."""


class BatchForm(_Form, frozen=True):
    """`batch --json`: what was graded, and what wasn't read. The results are in the files."""

    schema: Literal["cks-trainer.batch/1"]
    learners: int
    cards: tuple[str, ...]
    """The IDs of the cards."""
    rows: int
    """One for every learner and card."""
    graded: int
    missing: int
    unreadable: int
    error: int
    """Rows that aren't fully judged."""
    passed: int
    """Rows with full marks."""
    files: tuple[str, ...]
    """The result files."""
    not_read: tuple[str, ...]
    """Files that belong to no learner, each with what to do about it."""
    not_in_roster: tuple[str, ...]
    """Learners' folders that the roster doesn't name; they aren't graded."""
    listed_twice: tuple[str, ...]
    """Learners that the roster names more than once; they are graded once."""
    layouts: dict[str, int]
    """The layouts that were found, and how many files and folders are in each."""


class LearnerWhyForm(_Form, frozen=True):
    """A learner who has no grade now."""

    learner: str
    why: str


class GradebookForm(_Form, frozen=True):
    """`batch gradebook --json`: who has a grade in the grade book, and who hasn't."""

    schema: Literal["cks-trainer.gradebook/1"]
    platform: Literal["canvas", "moodle"]
    columns: tuple[str, ...]
    """The heads of the columns with the grades."""
    written: tuple[str, ...]
    """Learners whose grade is in the file."""
    changed: int
    """Cells with another grade than before."""
    ambiguous: tuple[LearnerWhyForm, ...]
    """Learners who may be several people of the grade book, or one together with another."""
    unknown: tuple[str, ...]
    """Learners that the grade book doesn't have."""
    kept: tuple[LearnerWhyForm, ...]
    """Learners whose cell stays as it was."""
    without_results: int
    """People of the grade book without results."""
    file: str


class NotReadForm(_Form, frozen=True):
    """A file in a folder that wasn't read."""

    file: str
    why: str


class AskForm(msgspec.Struct, frozen=True):
    """`ask ... --json`; more fields depend on the question."""

    schema: Literal["cks-trainer.ask/1"]
    question: str
    answer: str
    """A word or a line: `yes`, `restricted`."""
    reasons: tuple[ReasonForm, ...]
    problems: tuple[ProblemForm, ...]
    """Errors: what the API server refuses and the answer omits (exit 1, or 4 for unreadable files)."""
    not_read: tuple[NotReadForm, ...]


class ErrorForm(_Form, frozen=True):
    """What stdout contains with `--json` if there is no result."""

    schema: Literal["cks-trainer.error/1"]
    kind: str
    """usage, config, card, refused, unreadable, files, cluster, store, not-judged or internal."""
    message: str
    remedy: str
    file: str
    problems: tuple[ProblemForm, ...]
    exit: int
    """The exit code."""


FORMS: tuple[type[Any], ...] = (
    VerdictForm,
    ListForm,
    PackcheckForm,
    ResultForm,
    BatchForm,
    GradebookForm,
    AskForm,
    ErrorForm,
)
