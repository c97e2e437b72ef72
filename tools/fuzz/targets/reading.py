"""Any bytes through the readers: of YAML and JSON, of components' files, and through admission."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tools.fuzz.model import Case, Judged, Target, crash, judging
from tools.fuzz.stored import names, stored_answers
from tools.fuzz.targets.answers import faults_of, outcome_of, verdict_of
from tools.fuzz.tree import ODD, Raw
from trainer.errors import AnswerUnreadable
from trainer.manifests.admit import admit
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.model import Document
from trainer.manifests.reading.component_file import component_file
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.versions import SUPPORTED

TOKENS = (
    *(
        "- ",
        ": ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "#",
        "&a ",
        "*a",
        "!!str ",
        "!x ",
        "|\n",
        ">-\n",
        "'",
        '"',
        "%YAML 1.1",
    ),
    *(
        "---\n",
        "...\n",
        "\n",
        "\n  ",
        "\n    ",
        "\t",
        "\r\n",
        "\ufeff",
        "\x85",
        "\u2028",
        "\x00",
        "\x1b",
        "<<: *a\n",
        "~",
    ),
    *(
        "kind: Pod\n",
        "kind: List\nitems:\n",
        "apiVersion: v1\n",
        "metadata:\n  name: a\n",
        "spec:\n",
        "a",
        "1",
        "=",
        "@",
    ),
    *('{"kind": "Pod", ', '"\\ud800"', '"\\x41"', "null", "[[[[[[", "}}}}", "x: &x [*x]\n", "a: " * 3, "`"),
    *(one.text for one in ODD if isinstance(one, Raw) and len(one.text) < 50),
)
DEEPEST = 120


@judging
def judge(case: Case) -> Judged:
    """Read bytes in every way, and grade them as the answer to a card."""
    data = case["data"].encode(
        "utf-8" if case["utf8"] else "latin-1", "surrogatepass" if case["utf8"] else "replace"
    )
    found: list[str] = []
    outcome = "unreadable"
    try:
        parsed = parse(data, "x.yaml")
        outcome = "problems" if parsed.problems else "documents" if parsed.documents else "empty"
        for document in parsed.documents:
            found += _wrong_values(document)
        manifests, problems = manifests_of(parsed.documents)
        version = SUPPORTED[case["card"] % len(SUPPORTED)]
        problems += [one for manifest in manifests for one in admit(manifest, version).problems]
        str([*parsed.problems, *problems]).encode()
        component_file(data.decode("utf-8-sig", "replace"), "x.yaml")
    except AnswerUnreadable:
        pass
    except Exception as error:
        found.append(crash(error))
    try:
        stored = stored_answers()[_references()[case["card"] % len(_references())]]
        answer = Answer(tuple(AnswerFile(part.name, data) for part in stored.parts))
        verdict = verdict_of(stored.card, answer)
        if not isinstance(verdict, str):
            outcome = outcome_of(verdict)
            found += faults_of(stored.card, answer, verdict)
    except Exception as error:
        found.append(crash(error))
    return Judged(outcome, tuple(dict.fromkeys(found)))


@cache
def _references() -> list[str]:
    return names("reference")


def _wrong_values(document: Document) -> Iterator[str]:
    """Values that aren't those of JSON, and places outside the file."""
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(document.value, ())]
    while waiting:
        node, path = waiting.pop()
        place = document.where(path)
        if place.line < 1 or place.column < 1:
            yield "a value has no place"
        if len(path) > DEEPEST:
            yield "a value is deeper than the limit"
        if isinstance(node, dict):
            if not all(isinstance(key, str) for key in node):
                yield "a key isn't text"
            waiting += [(item, (*path, key)) for key, item in node.items()]
        elif isinstance(node, list):
            waiting += [(item, (*path, index)) for index, item in enumerate(node)]
        elif isinstance(node, float) and not math.isfinite(node):
            yield "a number isn't finite"
        elif not isinstance(node, str | int | float | bool | None):
            yield f"a value is a {type(node).__name__}"


@st.composite
def _spliced(draw: st.DrawFn) -> str:
    """A stored answer's text with pieces cut out, repeated and put in."""
    stored = stored_answers()[draw(st.sampled_from(names()))]
    text = stored.parts[0].data().decode("utf-8", "replace") if stored.parts else ""
    for _ in range(draw(st.integers(1, 4))):
        begin, length = draw(st.integers(0, len(text))), draw(st.integers(0, 40))
        text = text[:begin] + draw(st.sampled_from(TOKENS)) + text[begin + length :]
    return text


def _cases() -> st.SearchStrategy[Case]:
    soup = st.lists(st.sampled_from(TOKENS), max_size=25).map("".join)
    text = st.one_of(
        _spliced(), soup, st.text(max_size=80), st.binary(max_size=80).map(lambda one: one.decode("latin-1"))
    )
    return st.fixed_dictionaries({"data": text, "utf8": st.booleans(), "card": st.integers(0, 200)})


TARGETS = (
    Target(
        "reading",
        "any bytes: documents of JSON values with places, or one declared error",
        150,
        _cases,
        judge,
    ),
)
