"""(card, answer, cluster) to verdict: the file checks, the same rules on live objects, and live checks.

The file checks come first and are never lost: if the cluster stops answering, the findings so far
stay, and the rest is SKIPPED with the reason. Values of Secrets in the cluster serve only for
comparison: nothing that leaves this module contains one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from trainer.cluster.live_spec import LiveCheck, live_checks_of
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.content.card import Card, Check
from trainer.content.given import given_manifests
from trainer.errors import TrainerError
from trainer.grading.grade import world_of
from trainer.grading.hidden import Hidden
from trainer.grading.judge import judge_checks, waiting_for
from trainer.grading.live_scope import (
    comparable,
    deciding_files,
    deciding_kinds,
    given_namespaces,
    missing_given,
    named_images,
    wanted_of,
)
from trainer.grading.redact import Redactor
from trainer.grading.submission import read_submission
from trainer.manifests.answer import Answer
from trainer.manifests.model import Manifest
from trainer.manifests.schema.kinds import is_config
from trainer.simulate.world import World, object_key
from trainer.verdict import CheckResult, Outcome, Reason, Scope, Status, Verdict

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

Progress = Callable[[str], None]

DRY_RUN = "server-dry-run"
"""The ID of the check that the API server itself makes of the answer."""
_NOT_PREPARED = "the cluster lacks what the card gives ({}): run cks-trainer cluster prepare {}"


class LiveResult(msgspec.Struct, frozen=True, eq=False):
    """The result of a live check. `error` is why it stopped, None if it is complete."""

    verdict: Verdict
    error: TrainerError | None = None


def suffix_of(card: Card, text: str) -> Suffix:
    """The mapping of this card's namespaces for a learner. Raises `UsageError`."""
    return Suffix.of(text, given_namespaces(card)) if text else NO_SUFFIX


def grade_live(
    card: Card,
    answer: Answer,
    filed: Verdict,
    cluster: Cluster,
    *,
    suffix: Suffix = NO_SUFFIX,
    progress: Progress = lambda _: None,
) -> LiveResult:
    """Check a cluster for a card. `filed` is the verdict on the answer's files, which comes first.

    Every error of the cluster ends up in the result; the only exception raised is `CardError`,
    for a broken card.
    """
    specs = live_checks_of(card.live, card.id, [check.id for check in card.checks])
    found: list[CheckResult] = []
    error: TrainerError | None = None
    hidden = Redactor(answer).hidden
    try:
        for result in _results(card, answer, filed, cluster, specs, suffix, hidden, progress):
            found.append(result)  # noqa: PERF402 - what came before an error stays
    except TrainerError as trouble:
        error = hidden.error(trouble)
    told = [hidden.result(one) for one in found]
    verdict = _joined(card, filed, told, specs, error.message if error else "")
    return LiveResult(verdict, error)


def without_cluster(card: Card, filed: Verdict, why: str) -> Verdict:
    """The verdict on the files, and every live check SKIPPED for a reason."""
    return _joined(card, filed, [], live_checks_of(card.live, card.id, [one.id for one in card.checks]), why)


def _joined(
    card: Card, filed: Verdict, found: Sequence[CheckResult], specs: Sequence[LiveCheck], why: str
) -> Verdict:
    there = {result.id for result in found}
    rest = [_unseen(one, why) for one in _all_checks(card, specs) if one.id not in there]
    return msgspec.structs.replace(filed, checks=(*filed.checks, *found, *rest))


class _Named(msgspec.Struct, frozen=True):
    id: str
    says: str
    points: int


_DRY_RUN = _Named(DRY_RUN, "The API server accepts the answer (dry run, strict)", 1)


def _all_checks(card: Card, specs: Sequence[LiveCheck]) -> list[_Named | Check | LiveCheck]:
    return [_DRY_RUN, *(one for one in card.checks if comparable(one, card.kubernetes)), *specs]


def _results(
    card: Card,
    answer: Answer,
    filed: Verdict,
    cluster: Cluster,
    specs: Sequence[LiveCheck],
    suffix: Suffix,
    hidden: Hidden,
    progress: Progress,
) -> Iterator[CheckResult]:
    world, _ = world_of(card, answer)
    if not specs and not any(comparable(check, card.kubernetes) for check in card.checks):
        yield _unseen(_DRY_RUN, "this card is about files on a node, which the API server can't show")
        return
    spaces = sorted(suffix.name(one) for one in given_namespaces(card))
    lost = [one for one in spaces if cluster.get("v1", "Namespace", one) is None]
    if lost:
        why = _NOT_PREPARED.format(f"Namespace {', '.join(lost)}", card.id)
        yield from (_unseen(one, why) for one in _all_checks(card, specs))
        return
    if unserved := _unserved(card, world, cluster):
        why = f"the cluster has no kind {', '.join(unserved)}: install what serves it, or use another cluster"
        yield from (_unseen(one, why) for one in _all_checks(card, specs))
        return
    yield _dry_run(card, answer, cluster, suffix, progress)
    says = {one.id: one.says for one in card.checks} | {one.id: one.says for one in specs}
    statuses: dict[str, Status] = {}
    for result in _objects(card, world, filed, cluster, suffix, hidden, progress):
        statuses[result.id] = result.status
        yield result
    for spec in specs:
        unmet = [says[need] for need in spec.needs if statuses.get(need) is not Status.PASS]
        result = _live_check(card, cluster, spec, suffix, unmet, progress)
        statuses[result.id] = result.status
        yield result


def _unserved(card: Card, world: World, cluster: Cluster) -> list[str]:
    """The kinds that the card is about and that the cluster lacks, as `istio.io/v1 Gateway`."""
    from trainer.cluster.client import KindMissing

    missing = []
    for api_version, kind in sorted(deciding_kinds(card, world)):
        try:
            cluster.kind(api_version, kind)
        except KindMissing:
            missing.append(f"{api_version} {kind}")
    return missing


def _dry_run(card: Card, answer: Answer, cluster: Cluster, suffix: Suffix, progress: Progress) -> CheckResult:
    from trainer.cluster.dry_run import dry_run

    progress("trying the answer on the API server (dry run)")
    submission = read_submission(card, answer)
    manifests = [
        one
        for one in submission.manifests
        if not is_config(one.api_version, one.kind) and one.document.file not in submission.places
    ]
    if not manifests and not submission.unread:
        return _unseen(_DRY_RUN, "the answer has no objects for the API server")
    reasons = [
        Reason(f"{problem.message} {problem.remedy}".strip(), problem.location)
        for problem in (*dry_run(cluster, manifests, suffix), *(one.problems[0] for one in submission.unread))
    ]
    return _result(_DRY_RUN, Outcome.of(reasons))


def _objects(
    card: Card,
    world: World,
    filed: Verdict,
    cluster: Cluster,
    suffix: Suffix,
    hidden: Hidden,
    progress: Progress,
) -> Iterator[CheckResult]:
    """The card's own checks on what is in the cluster. What they need of others is as in the files."""
    from trainer.cluster.read_live import read_live

    checks = [check for check in card.checks if comparable(check, card.kubernetes)]
    if not checks:
        return
    progress("reading the objects in the cluster")
    wanted = wanted_of(card, world)
    live = read_live(cluster, wanted, kubernetes=card.kubernetes, expected=world.objects, suffix=suffix)
    for one in live:
        hidden.remember_object(one)
    missing = missing_given(card, world, live)
    if missing:
        why = _NOT_PREPARED.format(", ".join(one.title for one in missing[:5]), card.id)
        yield from (_unseen(check, why) for check in checks)
        return
    seen = []
    for check in checks:
        if files := deciding_files(check, world):
            kinds = ", ".join(dict.fromkeys(one.kind for one in files))
            yield _unseen(
                check, f"{kinds} also decides: a file of the API server, which the API server can't show"
            )
        else:
            seen.append(check)
    yield from judge_checks(seen, _live_world(card, world, live), Scope.LIVE, elsewhere=filed.checks)


def _live_world(card: Card, world: World, live: Sequence[Manifest]) -> World:
    """The world that the cluster shows. The refused part of the answer tells why something is missing."""
    given, _ = given_manifests(card.all_given, card.kubernetes)
    before = {object_key(one): one for one in given}
    there = {object_key(one) for one in live}
    answered = {object_key(one) for one in world.answer}
    answer = [
        one
        for one in live
        if object_key(one) in answered
        or object_key(one) not in before
        or before[object_key(one)].data != one.data
    ]
    refused = tuple(
        one for one in world.refused if one.manifest is None or object_key(one.manifest) not in there
    )
    return World(
        tuple(live),
        world.given,
        tuple(answer),
        world.documents,
        world.texts,
        world.node_files,
        world.kubernetes,
        refused,
        world.places,
        started=world.started,
    )


def _live_check(
    card: Card, cluster: Cluster, spec: LiveCheck, suffix: Suffix, unmet: Sequence[str], progress: Progress
) -> CheckResult:
    from trainer.cluster.finding import skipped
    from trainer.cluster.live_checks import run_check

    finding = (
        skipped(waiting_for(unmet), want=False)
        if unmet
        else run_check(cluster, spec, suffix=suffix, progress=progress, named=named_images(card))
    )
    return _result(spec, finding.outcome, want=finding.want)


def _unseen(named: _Named | Check | LiveCheck, why: str) -> CheckResult:
    """SKIPPED because there is no cluster, or because the cluster lacks the objects."""
    return _result(named, Outcome(Status.SKIPPED, (Reason(why),)), want=True)


def _result(named: _Named | Check | LiveCheck, outcome: Outcome, *, want: bool = False) -> CheckResult:
    return CheckResult(
        id=named.id,
        says=named.says,
        status=outcome.status,
        points=named.points if outcome.status is Status.PASS else 0,
        max_points=named.points,
        scope=Scope.LIVE,
        reasons=outcome.reasons,
        evidence=outcome.evidence,
        needs_cluster=want,
    )
