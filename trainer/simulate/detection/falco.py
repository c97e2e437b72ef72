"""Load rule files as Falco does, and report the alerts for recorded events.

Falco 0.44 loads the files in the order of `rules_files` in falco.yaml: falco_rules.yaml,
falco_rules.local.yaml, then rules.d. Of several rules that match an event, only the first reports it
(`rule_matching: first`).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from trainer.simulate.detection.collect import collect
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.output import alert_text
from trainer.simulate.detection.ruleset import Ready, Ruleset, compile_rules
from trainer.simulate.detection.sections import RuleFile, files_in_order
from trainer.verdict import Problem


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """What Falco loads, and its warnings."""

    ruleset: Ruleset
    warnings: tuple[Problem, ...]


class Alert(msgspec.Struct, frozen=True, eq=False):
    """An event and the rule that reports it."""

    event: Event
    ready: Ready

    @property
    def text(self) -> str:
        """The line that Falco prints."""
        return alert_text(self.event, self.ready.rule.priority, self.ready.rule.output)


def load(files: Sequence[RuleFile]) -> Loaded:
    """The rules of these files together. Raises `LoadError` where Falco refuses them."""
    definitions, warnings = collect(files_in_order(files))
    return Loaded(compile_rules(definitions), warnings)


def alerts(ruleset: Ruleset, events: Sequence[Event]) -> list[Alert]:
    """What Falco reports. Raises `NotJudged` if a rule needs a field that the recording doesn't have."""
    found = []
    for event in events:
        ready = ruleset.first(event)
        if ready is not None:
            found.append(Alert(event, ready))
    return found
