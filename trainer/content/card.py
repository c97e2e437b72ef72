"""A card as typed data: the public format 1 of a file under `tasks/`."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from trainer.content.wording import AS_WRITTEN, Wording
from trainer.manifests.values import mapping
from trainer.verdict import Location, Scope
from trainer.versions import DEFAULT, SUPPORTED, Version

Domain = Literal[
    "cluster-setup",
    "cluster-hardening",
    "system-hardening",
    "microservice-vulnerabilities",
    "supply-chain-security",
    "runtime-security",
]

Difficulty = Literal["easy", "medium", "hard"]

KubernetesText = Annotated[str, msgspec.Meta(extra_json_schema={"enum": [str(one) for one in SUPPORTED]})]
"""A supported version as a card writes it; anything else is a fault with a place, not a type error."""


class Attribution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The work that a card is based on, and what was changed."""

    title: str
    """The work's title."""
    address: str
    """Where it is published (https://...)."""
    licence: str
    """The license's short name, such as `CC BY 4.0`."""
    changed: str
    """What this card changed."""


class Check(msgspec.Struct, frozen=True, dict=True):
    """One thing that the answer must achieve, worth points; a rule judges it."""

    id: str
    """Kebab-case, stable, unique in its card."""
    says: str
    """What the check requires, as one sentence without a period."""
    points: int
    """1 or more; a check is all or nothing."""
    rule: str
    """The kebab-case name of a rule."""
    settings: dict[str, Any] = {}
    """The rule's parameters as the card writes them: every key of the check that isn't one of its own."""
    why: str = ""
    """Why it matters, in one sentence."""
    needs: tuple[str, ...] = ()
    """IDs of checks; unless they pass, this one is skipped."""
    needs_any: tuple[str, ...] = ()
    """IDs of checks; unless one of them passes, this one is skipped."""
    only_changes: tuple[str, ...] | None = None
    """The given objects that the answer may change; None: this check doesn't look at others."""
    scope: Scope = Scope.FILE
    """Whether the check looks at the answer's files or at live objects."""

    @cached_property
    def params(self) -> Any:
        """The rule's typed parameters: an instance of the rule module's `Params`.

        Converted on first use, so that listing cards imports no rule. A card from `load_card`
        always converts; otherwise this may raise `UsageError` (no such rule) or
        `msgspec.ValidationError`.
        """
        from trainer.rules import load_rule

        return msgspec.convert(self.settings, load_rule(self.rule).Params)


class CheckFile(msgspec.Struct, frozen=True):
    """The fields of every check in a card's file, for all rules; other keys are the rule's parameters."""

    id: str
    """Kebab-case, stable, unique in its card."""
    says: str
    """What the check requires, as one sentence without a period."""
    points: int
    """1 or more; a check is all or nothing."""
    rule: str
    """The kebab-case name of a rule."""
    why: str = ""
    """Why it matters, in one sentence."""
    needs: tuple[str, ...] = ()
    """IDs of checks; unless they pass, this one is skipped, not failed."""
    needs_any: tuple[str, ...] = ()
    """IDs of checks; unless one of them passes, this one is skipped: what must still work counts as soon as
    some of the task is done."""
    only_changes: tuple[str, ...] | None = None
    """The given objects that the answer may change: `[Deployment sun/web]`, or `[]`. This check fails if
    it changes another one. Doesn't count in a cluster, where objects change all the time."""
    scope: Scope = Scope.FILE
    """Whether the check looks at the answer's files or at live objects."""


class Harmless(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant of the reference that rightly passes, and why."""

    path: str
    """The mutated leaf's path, as `spec.containers[0].image`; `*` stands for anything; the object
    can be in front: `Pod sun/web: spec.hostPID`."""
    mutation: str
    """The kind of mutation: delete, flip, change, widen, rename, move, add."""
    reason: str
    """Why the mutated answer is still correct."""


class CardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """A card's file as it is written: the public format. The JSON Schema for editors is generated
    from it."""

    format: Literal[1]
    """The version of this format."""
    id: str
    """Kebab-case, stable; the file's name without `.yaml`."""
    title: str
    """A short title."""
    domain: Domain
    """The domain of the curriculum; the name of the folder that contains the file."""
    competency: str
    """The competency of the curriculum that the card trains, such as `RT4`."""
    difficulty: Difficulty
    """How hard the card is for somebody who prepares for the exam."""
    minutes: int
    """Minutes at exam pace, 1 or more."""
    prompt: str
    """Markdown: says everything that the checks require, and nothing else."""
    files: tuple[str, ...]
    """The files that the learner submits."""
    checks: tuple[dict[str, Any], ...]
    """What the answer must achieve: each a `CheckFile` with the parameters of its rule."""
    kubernetes: KubernetesText = str(DEFAULT)
    """The minor version whose schema, validation and defaults apply."""
    start: dict[str, str] = {}
    """Starter text by file name."""
    start_faults: tuple[str, ...] = ()
    """Paths of unknown fields and wrong types in a starter that are the task:
    `spec.readOnlyRootFilesystem`."""
    start_given: tuple[str, ...] = ()
    """Files of `start` whose objects exist already; `given` doesn't repeat them."""
    given: str = ""
    """Manifests that exist before the answer, as YAML text."""
    given_stays: bool = True
    """False: of the given objects, only those in the answer stay (except Namespaces and
    ServiceAccounts)."""
    given_files: dict[str, str] = {}
    """Material by file name that the learner reads and doesn't submit: logs, reports, listings."""
    material: tuple[str, ...] = ()
    """The same as files of their own, for long ones: their names below the folder
    `tasks/<domain>/<card>/`."""
    node_files: dict[str, str] = {}
    """Files of a node by absolute path, if the task is about a node."""
    replaces: dict[str, str] = {}
    """The absolute path on a node where a submitted file will be stored, by the file's name. Unnecessary if
    its starter is the same as the node's file, or if the `files` of a check say it."""
    node: dict[str, Any] = {}
    """The nodes that a script of the answer changes, if the task is about such a script."""
    build: dict[str, Any] = {}
    """The base images and the context of a build, if the answer is a Dockerfile."""
    plain_files: tuple[str, ...] = ()
    """Those of `files` that contain no Kubernetes manifests, although they end in .yaml or .json:
    they are read as data and never applied (answer lists, seccomp profiles)."""
    docs: tuple[str, ...] = ()
    """Addresses of pages that are allowed in the exam."""
    hints: tuple[str, ...] = ()
    """From a nudge to nearly the answer; never the solution itself."""
    imperative: str = ""
    """The fast way with kubectl, shown with the solution."""
    limits: str = ""
    """What the card can't train offline of its competency, in words for the learner."""
    attribution: Attribution | None = None
    """The work that the card is based on."""
    harmless: tuple[Harmless, ...] = ()
    """Mutants of the reference that rightly pass."""
    vary: tuple[dict[str, tuple[str, ...]], ...] = ()
    """Words of the card and its solutions that a seed replaces: in each set, by word, what may stand for it.
    The words of a set change together, so their lists are equally long."""
    live: tuple[dict[str, Any], ...] = ()
    """Checks that need a cluster; the cluster layer gives them their types."""


class Card(msgspec.Struct, frozen=True, eq=False):
    """One task, ready to be shown and graded. The fields of `CardFile`, with typed checks."""

    id: str
    title: str
    domain: Domain
    competency: str
    difficulty: Difficulty
    minutes: int
    prompt: str
    files: tuple[str, ...]
    checks: tuple[Check, ...]
    source: Path
    """The card's file."""
    where: Location
    """The start of the card in its file."""
    kubernetes: Version = DEFAULT
    start: dict[str, str] = {}
    start_faults: tuple[str, ...] = ()
    start_given: tuple[str, ...] = ()
    given: str = ""
    given_stays: bool = True
    given_files: dict[str, str] = {}
    """Those of `material` included."""
    material: tuple[str, ...] = ()
    node_files: dict[str, str] = {}
    replaces: dict[str, str] = {}
    node: dict[str, Any] = {}
    build: dict[str, Any] = {}
    plain_files: tuple[str, ...] = ()
    docs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    imperative: str = ""
    limits: str = ""
    attribution: Attribution | None = None
    harmless: tuple[Harmless, ...] = ()
    vary: tuple[dict[str, tuple[str, ...]], ...] = ()
    """As written, whatever the wording."""
    live: tuple[dict[str, Any], ...] = ()
    wording: Wording = AS_WRITTEN
    """The words that a seed has replaced in all of this."""

    @property
    def seed(self) -> int:
        """The seed of the card's wording; 0 is the card as written."""
        return self.wording.seed

    @property
    def all_given(self) -> str:
        """The manifests that exist before the answer, as YAML text: `given`, and what `start_given` names."""
        texts = [self.given, *(self.start[name] for name in self.start_given)]
        return "---\n".join(text if text.endswith("\n") else f"{text}\n" for text in texts if text.strip())

    @property
    def places(self) -> dict[str, str]:
        """Where files of the answer are stored on a node: their paths, by name.

        A starter that is a file of the node replaces that file; others are in `replaces`, or in the `files`
        of checks.
        """
        found = {
            name: path
            for name, text in self.start.items()
            for path, given in self.node_files.items()
            if text == given
        }
        found |= self.replaces
        for check in self.checks:
            for name, path in mapping(check.settings.get("files")).items():
                if name in self.files:
                    found[name] = path
        return found

    @property
    def points(self) -> int:
        """The points of all offline checks."""
        return sum(check.points for check in self.checks)
