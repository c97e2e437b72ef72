"""What a question is about: the objects that the API server would hold after `kubectl apply -R -f`.

Objects that the API server refuses are left out of the answer and named, each with its place and the
reason. What only a whole cluster decides isn't asked: whether a Namespace or a ServiceAccount exists, quotas,
admission.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from trainer.ask import Absent, Reply
from trainer.errors import AnswerUnreadable, NotJudged, UsageError
from trainer.grading.apply import update_problems, updated
from trainer.grading.hidden import Hidden
from trainer.grading.homes import admission_problems
from trainer.grading.world import admit_all
from trainer.manifests.admit import admit
from trainer.manifests.answer import AnswerFile, holds_manifests, read_regular
from trainer.manifests.limits import MAX_ASKED, decode
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.repository import LeftOut, Sources, read_sources
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.kinds import check_kind, is_config
from trainer.manifests.values import mapping, mappings
from trainer.report.json import problem_json
from trainer.safe_text import capitalized
from trainer.simulate.world import Key, object_key
from trainer.verdict import Location, Problem, Severity
from trainer.versions import DEFAULT, Version

_CHART = "Chart.yaml"
_KUSTOMIZE = "kustomize.config.k8s.io/"


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """The objects with the API server's defaults, and what is wrong with the rest."""

    manifests: tuple[Manifest, ...]
    problems: tuple[Problem, ...] = ()
    """Errors: what is refused or can't be parsed; the answer doesn't cover it. Warnings: what is accepted."""
    texts: Mapping[str, str] = {}
    """The files as text, by name; with those of a folder that aren't manifests, read on demand."""
    left_out: tuple[LeftOut, ...] = ()
    """What was in the folders and isn't a manifest."""
    unreadable: bool = False
    """Whether a manifest is missing because its file is over a limit or can't be decoded."""

    @property
    def complete(self) -> bool:
        """Whether the answer covers every manifest of the files."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def not_read(self) -> tuple[LeftOut, ...]:
        """What was left out and no component's file either: the texts that a question read aren't in it."""
        read = self.texts.read if isinstance(self.texts, _Texts) else frozenset()
        return tuple(one for one in self.left_out if one.file not in read)

    def json(self) -> dict[str, Any]:
        """What was wrong and what was left out, for machines: `problems` and `not_read`."""
        return {
            "problems": [problem_json(problem) for problem in self.problems],
            "not_read": [{"file": one.file, "why": one.why} for one in self.not_read],
        }


def load(paths: Sequence[Path], kubernetes: Version = DEFAULT, *, plain: bool = False) -> Loaded:
    """Read files, folders or standard input (`-`), and apply their objects in the order of their files.

    With `plain`, the files are those of a node: one without objects may be what a component reads (tokens,
    certificates), and isn't a problem; the kubelet takes static Pods as they are.

    Raises `AnswerUnreadable` for named files that can't be read, `Absent` if nothing is left to ask about.
    """
    sources = read_sources(paths)
    reader = _Reader(sources, plain=plain)
    for file in sources.files:
        reader.read(file)
    objects, problems = _applied(reader.manifests, kubernetes, static=plain)
    loaded = Loaded(
        objects,
        _without_secrets((*reader.problems, *problems), reader.texts),
        _Texts(reader.texts, sources.others),
        (*sources.left_out, *reader.left_out),
        bool(reader.unreadable),
    )
    if not objects:
        raise Absent("found no Kubernetes object", loaded=loaded, remedy="name files that contain manifests")
    return loaded


def load_text(paths: Sequence[Path]) -> Loaded:
    """Read one file, or standard input (`-`), that holds no manifests.

    Raises `AnswerUnreadable` if it can't be read, `UsageError` for several files or a folder.
    """
    sources = read_sources(paths)
    if len(sources.files) != 1 or len(paths) != 1 or paths[0].is_dir():
        raise UsageError("the question is about one file", remedy="name one script, or -")
    (file,) = sources.files
    return Loaded((), texts={file.name: decode(file.data, file.name)})


def told(reply: Reply, loaded: Sequence[Loaded]) -> Reply:
    """The reply without secrets of the files that it's about."""
    hidden = hidden_in(loaded)
    return Reply(
        hidden.sentence(reply.question),
        hidden.sentence(reply.answer),
        tuple(map(hidden.reason, reply.reasons)),
        hidden.told(reply.rows),
        hidden.told(reply.data),
        reply.finds,
    )


def hidden_in(loaded: Sequence[Loaded]) -> Hidden:
    """What is secret in the files that were read."""
    hidden = Hidden()
    for one in loaded:
        hidden.add_all(one.texts.so_far if isinstance(one.texts, _Texts) else one.texts)
    return hidden


def _without_secrets(problems: tuple[Problem, ...], texts: Mapping[str, str]) -> tuple[Problem, ...]:
    if not problems:
        return problems
    hidden = Hidden()
    hidden.add_all(texts)
    return tuple(map(hidden.problem, problems))


class _Reader:
    """Collects the manifests of the files, and what is wrong with files as a whole."""

    def __init__(self, sources: Sources, *, plain: bool) -> None:
        self.named = sources.named
        self.plain = plain
        self.manifests: list[Manifest] = []
        self.problems: list[Problem] = [_unreadable(error) for error in sources.unreadable]
        self.texts: dict[str, str] = {}
        self.left_out: list[LeftOut] = []
        self.unreadable = len(sources.unreadable)

    def read(self, file: AnswerFile) -> None:
        named = file.name in self.named
        try:
            parsed = parse(file.data, file.name, MAX_ASKED)
            text = self.texts[file.name] = decode(file.data, file.name)
        except AnswerUnreadable as error:
            if self.plain and not holds_manifests(file.name):
                return
            if named:
                raise
            self.unreadable += 1
            self.problems.append(_unreadable(error))
            return
        if not named and posixpath.basename(file.name) == _CHART:
            self.left_out.append(LeftOut(file.name, "describes a Helm chart"))
            return
        found, wrong = manifests_of(parsed.documents)
        kustomize = [one for one in found if one.api_version.startswith(_KUSTOMIZE)]
        if kustomize and not named:
            self.left_out.append(LeftOut(file.name, "is for `kubectl apply -k`"))
            found = [one for one in found if one not in kustomize]
        elif not found and not parsed.problems and wrong:
            if self.plain:
                return
            if not named and not any(_looks_like_one(document.value) for document in parsed.documents):
                self.left_out.append(LeftOut(file.name, "contains no Kubernetes object"))
                return
        elif self.plain and not found and not holds_manifests(file.name):
            return
        self.manifests += found
        self.problems += [*_parse_problems(parsed.problems, text), *wrong]


def _looks_like_one(value: Any) -> bool:
    """Whether a document without `apiVersion` and `kind` may be a Kubernetes object all the same."""
    keys = {str(key).casefold() for key in value} if isinstance(value, dict) else set()
    return bool({"apiversion", "kind"} & keys) or {"metadata", "spec"} <= keys


def _parse_problems(problems: Sequence[Problem], text: str) -> list[Problem]:
    """The problems of a file that isn't valid YAML; a template is called one."""
    if "{{" not in text or not any(problem.severity is Severity.ERROR for problem in problems):
        return list(problems)
    where = next(problem.location for problem in problems if problem.severity is Severity.ERROR)
    message = "this is a template (`{{ ... }}`), not a manifest"
    remedy = "Render it first: `helm template CHART > all.yaml`; then ask about all.yaml."
    return [Problem(message, Severity.ERROR, where, remedy)]


def _unreadable(error: AnswerUnreadable) -> Problem:
    remedy = capitalized(error.remedy)
    return Problem(error.message, Severity.ERROR, Location(error.file, 0, 0), f"{remedy}." if remedy else "")


def _applied(
    manifests: Sequence[Manifest], kubernetes: Version, *, static: bool
) -> tuple[tuple[Manifest, ...], list[Problem]]:
    """The objects after `kubectl apply` in an empty cluster, and all problems.

    With `static`, Pods that run a component are static Pods: the kubelet ignores fields that it doesn't know.
    """
    on_node = {id(one): one for one in manifests if static and _is_static(one, kubernetes)}
    manifests = [one for one in manifests if id(one) not in on_node]
    resources = _custom_resources(manifests, kubernetes)
    custom = {id(one): one for one in manifests if _is_served(one, resources, kubernetes)}
    accepted, refusals, problems = admit_all([one for one in manifests if id(one) not in custom], kubernetes)
    objects: dict[Key | int, Manifest] = {}
    for pod in on_node.values():
        admitted = admit(pod, kubernetes, static=True)
        problems += admitted.problems
        if admitted.manifest is not None:
            objects[id(pod)] = admitted.manifest
    # What refuses a whole List isn't among the problems of its items.
    problems += [one for refusal in refusals for one in refusal.problems if one not in problems]
    for manifest in [*accepted, *(_in_namespace(one, resources) for one in custom.values())]:
        key = object_key(manifest) if _is_unique(manifest) else id(manifest)
        before = objects.get(key)
        after, wrong = manifest, []
        if before is not None:
            after, said = updated(before, manifest, kubernetes)
            problems += [one for one in said if one.severity is not Severity.ERROR]
            wrong = [one for one in said if one.severity is Severity.ERROR]
            wrong += _update_problems(before, after, kubernetes)
        if manifest.kind == "Namespace":
            wrong += admission_problems(after, before, {})
        if wrong:
            problems += wrong
            continue
        if before is not None and before.data != after.data:
            problems.append(_twice(before, after))
        objects.pop(key, None)
        objects[key] = after
    return tuple(objects.values()), problems


def _is_static(manifest: Manifest, kubernetes: Version) -> bool:
    """Whether a Pod runs a component of the control plane."""
    from trainer.simulate.components.static_pods import static_pods

    try:
        return bool(static_pods([manifest], kubernetes))
    except NotJudged:  # it does, in a way that the question is then told
        return True


def _update_problems(before: Manifest, after: Manifest, kubernetes: Version) -> list[Problem]:
    """Why the update of an object of another file, or another document, is refused, and where that one is."""
    where = f" ({before.where()})"
    return [
        msgspec.structs.replace(one, message=one.message.rstrip(".") + where)
        for one in update_problems(before, after, kubernetes)
    ]


def _is_unique(manifest: Manifest) -> bool:
    """Whether a second object of this name is an update: not for `generateName` and files of components."""
    return bool(manifest.name) and not is_config(manifest.api_version, manifest.kind)


def _twice(before: Manifest, after: Manifest) -> Problem:
    return Problem(
        f"{after.title} is also in {before.where()}: this one, which comes later, counts",
        Severity.WARNING,
        after.where("metadata", "name"),
        "Name the files of one environment, if these belong to several.",
    )


def _custom_resources(manifests: Sequence[Manifest], kubernetes: Version) -> dict[str, str]:
    """`<group>/<version> <kind>` of what definitions among the manifests add, and the scope."""
    definitions, _, _ = admit_all(
        [one for one in manifests if one.kind == "CustomResourceDefinition"], kubernetes
    )
    found = {}
    for definition in definitions:
        spec = mapping(definition.data.get("spec"))
        kind = mapping(spec.get("names")).get("kind")
        for version in mappings(spec.get("versions")):
            if version.get("served"):
                found[f"{spec.get('group')}/{version.get('name')} {kind}"] = str(spec.get("scope"))
    return found


def _is_served(manifest: Manifest, resources: Mapping[str, str], kubernetes: Version) -> bool:
    """Whether only a definition among the manifests makes this a kind that the API server knows."""
    key = f"{manifest.api_version} {manifest.kind}"
    return key in resources and check_kind(manifest, schema_for(kubernetes)) is not None


def _in_namespace(manifest: Manifest, resources: Mapping[str, str]) -> Manifest:
    """A custom resource in the Namespace that it gets if it names none."""
    if resources[f"{manifest.api_version} {manifest.kind}"] != "Namespaced" or manifest.namespace:
        return manifest
    return manifest.with_data({**manifest.data, "metadata": {**manifest.metadata, "namespace": "default"}})


class _Texts(Mapping[str, str]):
    """Texts by name: those that were read, and those of other files in the folders, read on first use."""

    def __init__(self, texts: dict[str, str], others: Mapping[str, tuple[Path, Path]]) -> None:
        self._texts = texts
        self._others = others

    @property
    def so_far(self) -> Mapping[str, str]:
        """The texts that were read."""
        return self._texts

    @property
    def read(self) -> frozenset[str]:
        """The other files that were read."""
        return frozenset(self._texts.keys() & self._others.keys())

    def __getitem__(self, name: str) -> str:
        if name not in self._texts:
            path, folder = self._others[name]
            try:
                self._texts[name] = decode(read_regular(path, folder, name), name)
            except AnswerUnreadable:
                self._texts[name] = ""  # what isn't text is there, and its content isn't checked
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._texts, *self._others))

    def __len__(self) -> int:
        return len({*self._texts, *self._others})
