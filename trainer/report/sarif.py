"""Rows of a batch -> SARIF 2.1.0 (OASIS Standard): a result for each check that doesn't pass.

Code hosts and editors show such a result at its line. A rule is a check of a card; its ID is `card/check`. A
check that couldn't run is `open` with level `none` (sections 3.27.9 and 3.27.10). One that waits for another
is left out: some readers ignore the kind and would count it as a failure. Paths are relative to the
submissions; an absolute one is a `file` address.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from trainer import __version__
from trainer.report.rows import checks_of, place_of
from trainer.safe_text import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainer.report.rows import ResultRow, Write

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "SUBMISSIONS"
"""The name of the folder that all paths are relative to."""
_KINDS = {
    "fail": {"kind": "fail", "level": "error"},
    "error": {"kind": "open", "level": "none"},
}


@contextmanager
def writer(stream: IO[str]) -> Iterator[Write]:
    """Write the results one by one, and the rules that they name at the end."""
    rules: dict[str, dict[str, Any]] = {}
    written = 0
    stream.write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"results": [')

    def write(row: ResultRow) -> None:
        nonlocal written
        for result in _results(row, rules):
            result["ruleIndex"] = list(rules).index(result["ruleId"])
            stream.write((",\n" if written else "\n") + json_text(result, indent=0))
            written += 1

    yield write
    driver = {"name": "cks-trainer", "semanticVersion": __version__, "rules": list(rules.values())}
    stream.write(
        f'\n], "columnKind": "unicodeCodePoints", "tool": {{"driver": {json_text(driver, indent=0)}}}}}]}}\n'
    )


def _results(row: ResultRow, rules: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    checks = checks_of(row)
    if not checks:
        kind = _KINDS["error" if row.status == "error" else "fail"]
        says = "The answer is there and can be read"
        yield _result(row, row.status, says, {}, kind, _whose(row) + row.message, rules)
    for check in checks:
        if check["status"] not in _KINDS:
            continue
        said = [reason["message"] for reason in check["reasons"]]
        text = " ".join([f"{_whose(row)}{check['says']}.", *said, *check["evidence"]])
        kind, apart = _KINDS[check["status"]], check.get("apart", "")
        yield _result(row, check["id"], check["says"], place_of(check), kind, text, rules, apart)


def _result(
    row: ResultRow,
    check: str,
    says: str,
    place: dict[str, Any],
    kind: dict[str, str],
    text: str,
    rules: dict[str, dict[str, Any]],
    apart: str = "",
) -> dict[str, Any]:
    """One result. `apart` tells results of the same rule and learner apart, if there can be several."""
    rule = f"{row.card}/{check}"
    rules.setdefault(rule, {"id": rule, "shortDescription": {"text": says}})
    parts = (row.learner, rule, apart) if apart else (row.learner, rule)
    mark = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    result: dict[str, Any] = {
        "ruleId": rule,
        **kind,
        "message": {"text": text},
        "partialFingerprints": {"answer/v1": mark},
    }
    file = _file(row.file, place.get("file"))
    if file is not None:
        physical: dict[str, Any] = {"artifactLocation": _artifact(file)}
        if place.get("line"):
            physical["region"] = {"startLine": place["line"], "startColumn": max(place["column"], 1)}
        result["locations"] = [{"physicalLocation": physical}]
    return result


def _artifact(file: str) -> dict[str, str]:
    uri = quote(file.encode("utf-8", "replace"))
    return {"uri": f"file://{uri}"} if file.startswith("/") else {"uri": uri, "uriBaseId": ROOT}


def _whose(row: ResultRow) -> str:
    return f"{row.learner}: " if row.learner else ""


def _file(answer: str | None, name: str | None) -> str | None:
    """The path of a place inside the submissions: the answer is that file, or a folder with it."""
    if answer is None or name is None or f"/{answer}".endswith(f"/{name}"):
        return answer
    return f"{answer}/{name}"
