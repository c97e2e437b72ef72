"""Family `hostile`: parser abuse, and the YAML test suite as Kubernetes reads it.

Set `abuse`: no crash, an answer within a second of processor time, accepted or refused as kubectl
does. Set `yaml-test-suite`: no crash, in time; what the Kubernetes YAML library reads, we read as
the same value.
"""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import yaml

from trainer.errors import AnswerUnreadable
from trainer.manifests.admit import admit
from trainer.manifests.limits import MAX_BYTES, Budget
from trainer.manifests.reading.builder import build
from trainer.manifests.reading.go_yaml import Refusal
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.verdict import Severity
from trainer.versions import Version

SECONDS = 1.0
"""Processor time that one case may take."""

KUBERNETES = Version(1, 36)


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case, else what we say instead."""
    files = {name: text.encode("utf-8", "surrogatepass") for name, text in case.get("files", {}).items()}
    files |= {name: base64.b64decode(data) for name, data in case.get("files_b64", {}).items()}
    start = time.process_time()
    said = _abuse(case, files) if case["set"] == "abuse" else _suite(case, files)
    seconds = time.process_time() - start
    return said or (None if seconds <= SECONDS else f"took {seconds:.1f} s")


def _abuse(case: dict[str, Any], files: dict[str, bytes]) -> str | None:
    refusal = _refusal(files)
    wanted = case.get("kubectl", "either")
    if refusal and wanted == "accepts" and sum(map(len, files.values())) <= MAX_BYTES:
        return f"refuses: {refusal}"
    return "accepts" if not refusal and wanted == "refuses" else None


def _refusal(files: dict[str, bytes]) -> str:
    """Why `kubectl create` would refuse the files; empty where it would take them."""
    objects = 0
    for name, data in files.items():
        try:
            parsed = parse(data, name)
        except AnswerUnreadable as error:
            return str(error)
        manifests, problems = manifests_of(parsed.documents)
        problems = [*parsed.problems, *problems]
        for manifest in manifests:
            problems += admit(manifest, KUBERNETES).problems
        errors = [problem.message for problem in problems if problem.severity is Severity.ERROR]
        if errors:
            return errors[0]
        objects += len(manifests)
    return "" if objects else "no objects"


def _suite(case: dict[str, Any], files: dict[str, bytes]) -> str | None:
    [text] = files.values()
    try:
        value = _first_document(text.decode())
    except (Refusal, yaml.YAMLError, AnswerUnreadable, UnicodeDecodeError) as error:
        return f"refuses: {error}" if case["kubernetes_yaml"] == "ok" else None
    if case["kubernetes_yaml"] != "ok":
        return None
    expected = json.loads(case["kubernetes_json"])
    return None if value == expected else f"reads {json.dumps(value)}"


def _first_document(text: str) -> Any:
    """What `sigs.k8s.io/yaml` reads of a text; kubectl cuts at `---` lines before it asks for that."""
    built = build(text, Budget("suite.yaml"))
    return built.value if built else None
