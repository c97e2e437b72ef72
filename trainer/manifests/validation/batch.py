"""Job and CronJob.

Follows Kubernetes pkg/apis/batch/validation/validation.go and pkg/registry/batch/job/strategy.go
(v1.35).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.cron import schedule_problem
from trainer.manifests.validation.meta import label_selector, selects
from trainer.manifests.validation.names import dns_label, qualified_name
from trainer.manifests.validation.pod import pod_template
from trainer.manifests.validation.signers import domain_path
from trainer.manifests.values import indexed, items, mapping, number, text, text_mapping
from trainer.patterns import regex

_LONGEST_CRON_NAME = 52
_LONGEST_LABEL = 63
_MOST_INDEXES = 100_000
_MOST_WITH_MANY = 10_000
_CONTROLLER_LABELS = ("controller-uid", "batch.kubernetes.io/controller-uid")
_NAME_LABELS = ("job-name", "batch.kubernetes.io/job-name")
_NUMBERS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
_INDEX = regex(r"[+]?[0-9]{1,18}")
_ZONE_PART = regex(r"[A-Za-z.\-_0-9+]{1,14}")


def job(at: At, data: Map) -> None:
    """A Job on create (`ValidateJob`)."""
    spec, meta = mapping(data.get("spec")), mapping(data.get("metadata"))
    place = at / "spec"
    selector, template = spec.get("selector"), mapping(spec.get("template"))
    if spec.get("manualSelector") is True:
        if not isinstance(selector, dict):
            place.missing("selector", why="with `manualSelector: true` you say which pods are the Job's")
        else:
            label_selector(place / "selector", selector)
            if not selects(selector, mapping(template.get("metadata")).get("labels")):
                _mismatch(place / "template")
    else:
        _generated(place, selector, template, text(meta.get("name")))
        if len(text(meta.get("name"))) > _LONGEST_LABEL:
            why = "a Job labels its Pods with its name, and a label's value has 63 characters at most"
            at.invalid("metadata", "name", value=meta["name"], why=why)
    _job_spec(place, spec)
    completions, name = number(spec.get("completions")) or 0, text(meta.get("name"))
    if spec.get("completionMode") == "Indexed" and completions > 0 and name:
        host = f"{name}-{completions - 1}"
        if dns_label(host):
            why = f"a pod of this indexed Job would have the host name `{host}`: {dns_label(host)}"
            at.invalid("metadata", "name", value=name, why=why)


def _generated(at: At, selector: Any, template: Map, name: str) -> None:
    """The selector that the API server makes, and what must not conflict with it."""
    if isinstance(selector, dict):
        label_selector(at / "selector", selector)
        asked = set(text_mapping(selector.get("matchLabels"))) - {*_NAME_LABELS}
        if asked or selector.get("matchExpressions"):
            at.say(
                "A Job makes its own `selector`, so it can't be set.",
                "selector",
                fix="Remove `selector` (or, to choose pods yourself, add `manualSelector: true`).",
            )
    owned = text_mapping(mapping(template.get("metadata")).get("labels"))
    for label in _CONTROLLER_LABELS:
        if label in owned:
            at.forbidden("template", "metadata", "labels", label, why="the Job sets this label itself")
    for label in _NAME_LABELS:
        if name and owned.get(label, name) != name:
            why = f"the Job sets this label to its own name, `{name}`"
            at.invalid("template", "metadata", "labels", label, value=owned[label], why=why)


def _mismatch(at: At) -> None:
    at.say(
        "`selector` doesn't match the labels of the template.",
        "metadata",
        "labels",
        fix="Give the template all labels that `selector` asks for.",
    )


def _job_spec(at: At, spec: Map) -> None:
    """What Jobs and the Jobs of CronJobs have in common (`validateJobSpec`)."""
    for field in _NUMBERS:
        at.at_least(field, value=spec.get(field), why="it may not be negative")
    _completions(at, spec)
    managed = spec.get("managedBy")
    if isinstance(managed, str):
        domain_path(at, "managedBy", managed)
        if len(managed) > 63:
            at.invalid("managedBy", value=managed, why="it has 63 characters at most")
    at.choice(
        "podReplacementPolicy",
        value=spec.get("podReplacementPolicy"),
        allowed=("TerminatingOrFailed", "Failed"),
    )
    failure = spec.get("podFailurePolicy")
    if isinstance(failure, dict):
        _failure_policy(at / "podFailurePolicy", failure, spec)
        if spec.get("podReplacementPolicy") == "TerminatingOrFailed":
            why = "with `podFailurePolicy` it is `Failed`"
            at.invalid("podReplacementPolicy", value="TerminatingOrFailed", why=why)
    success = spec.get("successPolicy")
    if isinstance(success, dict):
        _success_policy(at / "successPolicy", success, spec)
    template = mapping(spec.get("template"))
    pod_template(at / "template", template)
    _restart(at.to("template", "spec"), mapping(template.get("spec")), failure)


def _restart(at: At, pod: Map, failure: Any) -> None:
    policy = pod.get("restartPolicy")
    if policy in (None, "", "Always"):
        at.say(
            "A Job's pods run to their end, so `restartPolicy` is `OnFailure` or `Never`"
            + (" (left out, it is `Always`)." if not policy else ", not `Always`."),
            "restartPolicy",
            fix="Add `restartPolicy: Never` (or `OnFailure`) to the pod's `spec`.",
        )
    elif isinstance(failure, dict) and policy != "Never":
        at.invalid("restartPolicy", value=policy, why="with `podFailurePolicy` only `Never` goes")


def _completions(at: At, spec: Map) -> None:
    mode, completions = spec.get("completionMode"), number(spec.get("completions"))
    at.choice("completionMode", value=mode, allowed=("NonIndexed", "Indexed"))
    per_index, failed = number(spec.get("backoffLimitPerIndex")), number(spec.get("maxFailedIndexes"))
    if mode == "Indexed":
        if completions is None:
            at.missing("completions", why="an indexed Job says how many indexes there are")
        parallelism = number(spec.get("parallelism"))
        if parallelism is not None and parallelism > _MOST_INDEXES:
            at.invalid("parallelism", value=parallelism, why="an indexed Job takes 100000 at most")
        if per_index is not None and (completions or 0) > _MOST_INDEXES:
            if failed is None:
                at.missing("maxFailedIndexes", why="it is needed with more than 100000 completions")
            for field in ("parallelism", "maxFailedIndexes"):
                if (number(spec.get(field)) or 0) > _MOST_WITH_MANY:
                    why = "with more than 100000 completions it is 10000 at most"
                    at.invalid(field, value=spec[field], why=why)
    elif per_index is not None:
        at.forbidden("backoffLimitPerIndex", why="it goes with `completionMode: Indexed`")
    if failed is not None:
        if mode != "Indexed":
            at.forbidden("maxFailedIndexes", why="it goes with `completionMode: Indexed`")
        elif failed > _MOST_INDEXES:
            at.invalid("maxFailedIndexes", value=failed, why="it is 100000 at most")
        if per_index is None:
            at.missing("backoffLimitPerIndex", why="it goes with `maxFailedIndexes`")
        if completions is not None and failed > completions:
            at.invalid("maxFailedIndexes", value=failed, why=f"there are only {completions} completions")


def _failure_policy(at: At, policy: Map, spec: Map) -> None:
    rules = items(policy.get("rules"))
    if len(rules) > 20:
        at.say(f"There are {len(rules)} rules: 20 is the limit.", "rules")
    names = {
        text(c.get("name"))
        for group in ("containers", "initContainers")
        for _, c in indexed(mapping(mapping(spec.get("template")).get("spec")).get(group))
    }
    actions = ["Ignore", "FailJob", "Count"]
    if number(spec.get("backoffLimitPerIndex")) is not None:
        actions.append("FailIndex")
    for index, rule in indexed(rules):
        place = at.to("rules", index)
        place.choice("action", value=rule.get("action"), allowed=actions, needed="a rule says what to do")
        codes, conditions = rule.get("onExitCodes"), items(rule.get("onPodConditions"))
        if isinstance(codes, dict) and conditions:
            place.say("There are both `onExitCodes` and `onPodConditions`: a rule has one of them.")
        elif isinstance(codes, dict):
            _exit_codes(place / "onExitCodes", codes, names)
        elif conditions:
            for which, condition in indexed(conditions):
                kind = text(condition.get("type"))
                if qualified_name(kind):
                    place.invalid("onPodConditions", which, "type", value=kind, why=qualified_name(kind))
                place.choice(
                    "onPodConditions",
                    which,
                    "status",
                    value=condition.get("status"),
                    allowed=("True", "False", "Unknown"),
                )
        else:
            place.say("The rule says for no case: it needs `onExitCodes` or `onPodConditions`.")


def _exit_codes(at: At, codes: Map, names: set[str]) -> None:
    operator, values = codes.get("operator"), items(codes.get("values"))
    at.choice("operator", value=operator, allowed=("In", "NotIn"), needed="it says how exit codes compare")
    name = codes.get("containerName")
    if isinstance(name, str) and name not in names:
        at.invalid("containerName", value=name, why="the template has no such container")
    if not values:
        at.missing("values", why="it lists exit codes")
    elif len(values) > 255:
        at.say("There are more than 255 exit codes.", "values")
    seen: set[Any] = set()
    ordered = [value for value in values if number(value) is not None]
    for index, value in enumerate(ordered):
        if value in seen:
            at.duplicate("values", index, value=value, why="an exit code is listed once")
        elif value == 0 and operator == "In":
            at.invalid("values", index, value=0, why="exit code 0 isn't a failure")
        seen.add(value)
    if ordered != sorted(ordered):
        at.say("The exit codes must be in order.", "values")


def _success_policy(at: At, policy: Map, spec: Map) -> None:
    if spec.get("completionMode") != "Indexed":
        at.say("`successPolicy` goes with `completionMode: Indexed`.")
        return
    rules = items(policy.get("rules"))
    if not rules:
        at.missing("rules", why="a success policy has at least one rule")
    if len(rules) > 20:
        at.say(f"There are {len(rules)} rules: 20 is the limit.", "rules")
    for index, rule in indexed(rules):
        if rule.get("succeededCount") is None and rule.get("succeededIndexes") is None:
            at.say("A rule has `succeededCount` or `succeededIndexes`.", "rules", index)
        _success_rule(at.to("rules", index), rule, number(spec.get("completions")) or 0)


def _success_rule(at: At, rule: Map, completions: int) -> None:
    """How many indexes must succeed, and which (`validateSuccessPolicyRule`)."""
    count, written = number(rule.get("succeededCount")), rule.get("succeededIndexes")
    listed_indexes = completions
    if isinstance(written, str):
        found = _indexes(written, completions)
        if found is None:
            why = f"it lists indexes below {completions} in order, as `0,2-4`"
            at.invalid("succeededIndexes", value=written, why=why)
        listed_indexes = found or 0
    if count is None:
        return
    at.at_least("succeededCount", value=count)
    if count > listed_indexes:
        what = "completions" if listed_indexes == completions else "indexes in `succeededIndexes`"
        at.invalid("succeededCount", value=count, why=f"there are only {listed_indexes} {what}")


def _indexes(written: str, completions: int) -> int | None:
    """How many indexes a list such as `0,2-4` has, None if it isn't one (`validateIndexesFormat`)."""
    total, last = 0, -1
    for part in written.split(",") if written else ():
        first, dash, end = part.partition("-")
        if not _INDEX.fullmatch(first) or (dash and not _INDEX.fullmatch(end)):
            return None
        low, high = int(first), int(end or first)
        if low <= last or high >= completions or (dash and high <= low):
            return None
        total, last = total + high - low + 1, high
    return total


def cron_job(at: At, data: Map) -> None:
    """A CronJob on create (`ValidateCronJobCreate`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    name = text(mapping(data.get("metadata")).get("name"))
    if len(name) > _LONGEST_CRON_NAME:
        why = "a CronJob's name has 52 characters at most, since its Jobs' names are longer"
        at.invalid("metadata", "name", value=name, why=why)
    schedule = text(spec.get("schedule"))
    if not schedule:
        place.missing("schedule", why="it says when the Job runs")
    elif "TZ" in schedule:
        fix = "Write the time zone into `timeZone`."
        place.invalid("schedule", value=schedule, why="a time zone isn't part of the schedule", fix=fix)
    elif schedule_problem(schedule):
        place.invalid("schedule", value=schedule, why=schedule_problem(schedule))
    _time_zone(place, spec.get("timeZone"))
    place.choice(
        "concurrencyPolicy", value=spec.get("concurrencyPolicy"), allowed=("Allow", "Forbid", "Replace")
    )
    for field in ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        place.at_least(field, value=spec.get(field), why="it may not be negative")
    template = mapping(mapping(spec.get("jobTemplate")).get("spec"))
    inner = place.to("jobTemplate", "spec")
    if template.get("selector") is not None:
        inner.forbidden("selector", why="each Job makes its own selector")
    if template.get("manualSelector") is True:
        inner.forbidden("manualSelector", why="each Job makes its own selector")
    _job_spec(inner, template)


def _time_zone(at: At, value: Any) -> None:
    if not isinstance(value, str):
        return
    known = bool(value) and all(
        _ZONE_PART.fullmatch(part) and part not in (".", "..") for part in value.split("/")
    )
    if not known or value.lower() == "local" or not _known_zone(value):
        why = "it isn't a name of the time zone database, as `Europe/Berlin` or `Etc/UTC`"
        at.invalid("timeZone", value=value, why=why)


def _known_zone(name: str) -> bool:
    """Whether the time zone exists; True where this machine has no time zone database."""
    zones = _zones()
    return not zones or name in zones


@cache
def _zones() -> frozenset[str]:
    """The names of all time zones; to list them, Python opens hundreds of files."""
    import zoneinfo

    return frozenset(zoneinfo.available_timezones())
