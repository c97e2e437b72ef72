"""A file that a component reads by itself: one document, one object, no List.

kubectl applies every document of a file and the items of a List. The kubelet (static Pods,
`tryDecodeSinglePod` of kubernetes pkg/kubelet/config/common.go), kube-apiserver (its configuration files)
and client-go (kubeconfig) convert the file with `yaml.YAMLToJSON` of sigs.k8s.io/yaml, which reads the first
document and ignores what follows it, errors included. A file that begins with `{` must be JSON to its end
(`IsJSONBuffer` of apimachinery pkg/util/yaml, recognizer.go of pkg/runtime/serializer), but a kubeconfig is
always read as YAML (v1.35).
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from trainer.manifests.limits import Budget
from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.go_yaml import Refusal
from trainer.manifests.reading.objects import as_kubeconfig
from trainer.manifests.reading.parse import SMALL, Parsed, parse
from trainer.verdict import Location, Problem, Severity

_DIRECTIVE = "%YAML 1.1\n"
"""The only directive that go-yaml accepts; as a comment, it changes nothing."""


class ComponentFile(msgspec.Struct, frozen=True, eq=False):
    """What a component finds in a file. `problems` are errors if there is nothing that it can read."""

    document: Document | None = None
    manifest: Manifest | None = None
    """The document as an object; None if it isn't one: a list, a text, no `kind`."""
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Why the component can't read the file."""
        return tuple(one for one in self.problems if one.severity is Severity.ERROR)


def component_file(text: str, file: str) -> ComponentFile:
    """The first document of a file, as a component reads it, and a warning about what follows.

    The result of a small file is kept, as that of `parse`: a component asks for the same file for each of its
    settings. Raises `AnswerUnreadable` for what is over a limit.
    """
    return _kept(text, file) if len(text) <= SMALL else _read(text, file)


@lru_cache(maxsize=8)
def _kept(text: str, file: str) -> ComponentFile:
    return _read(text, file)


def _read(text: str, file: str) -> ComponentFile:
    if text.startswith(_DIRECTIVE):  # kubectl cuts the file behind it, a component reads it
        text = f"#{text[1:]}"
    parsed = parse(text.encode(), file)
    found = _first(parsed, text)
    if text.lstrip()[:1] == "{" and (found.manifest is None or found.manifest.kind != "Config"):
        wrong = _json_problem(text, file)
        return ComponentFile(problems=(wrong,)) if wrong else found
    return found


def _first(parsed: Parsed, text: str) -> ComponentFile:
    if empty := _empty_first(parsed.file, text):
        return ComponentFile(problems=(empty,))
    if not parsed.documents:
        errors = tuple(one for one in parsed.problems if one.severity is Severity.ERROR)
        return ComponentFile(problems=errors or (_empty(parsed.file),))
    document, *others = parsed.documents
    broken = next((one for one in parsed.problems if one.severity is Severity.ERROR), None)
    end = others[0].where() if others else broken.location if broken else None
    problems = [
        one
        for one in parsed.problems
        if one.severity is not Severity.ERROR
        and (end is None or one.location is None or one.location.line < end.line)
    ]
    if end is not None:
        problems.append(_ignored(end))
    value = as_kubeconfig(document.value)
    if isinstance(value, dict) and value.get("kind") and value.get("apiVersion"):
        return ComponentFile(document, Manifest(value, document), tuple(problems))
    return ComponentFile(document, None, (*problems, _no_object(document)))


def _json_problem(text: str, file: str) -> Problem | None:
    from trainer.manifests.reading.json_reader import JSONReader

    reader = JSONReader(text, Budget(file))
    try:
        reader.next()
        if text[reader.end :].strip():
            line = text.count("\n", 0, reader.end) + 1
            raise Refusal("something follows the closing bracket", line, 1)
    except Refusal as refusal:
        place = Location(file, refusal.line, refusal.column)
        remedy = (
            refusal.remedy or "A file that begins with `{` is read as JSON: keep to its rules, or write YAML."
        )
        return Problem(f"not valid JSON: {refusal.message}", location=place, remedy=remedy)
    return None


def _empty_first(file: str, text: str) -> Problem | None:
    """What is wrong if a file begins with two lines `---`: then its first document is empty."""
    if "---" not in text:
        return None
    lines = (
        (number, line.rstrip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    )
    first, second = next(lines, (0, "")), next(lines, (0, ""))
    if first[1] != "---" or second[1] != "---":
        return None
    message = "the first document of the file is empty, and only the first one is read"
    return Problem(message, location=Location(file, second[0], 1), remedy="Remove one of the lines `---`.")


def _empty(file: str) -> Problem:
    return Problem("the file is empty", location=Location(file, 1, 1), remedy="Write its content into it.")


def _ignored(place: Location) -> Problem:
    message = "only the first document of this file is read: the component ignores what begins here"
    return Problem(message, Severity.WARNING, place, "Keep a single document, without `---` in between.")


def _no_object(document: Document) -> Problem:
    if not isinstance(document.value, dict):
        what = "a list" if isinstance(document.value, list) else "a plain value"
        message = f"the file contains {what} instead of an object"
        remedy = "Begin with `apiVersion` and `kind`, without a dash."
    else:
        absent = " and no ".join(f"`{key}`" for key in ("apiVersion", "kind") if not document.value.get(key))
        message, remedy = f"the file has no {absent}", "Write both at the top of the file."
    return Problem(message, location=document.where(), remedy=remedy)
