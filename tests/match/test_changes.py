"""Tests of `match.changes`: what an answer changes of a given object."""

from __future__ import annotations

from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.changes import changes_of
from trainer.versions import DEFAULT

TEXT = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: words}
data: {a: b}
"""


def messages(after: str) -> list[str]:
    one, other = (manifests_of(parse(text.encode(), "a.yaml").documents)[0][0] for text in (TEXT, after))
    return [change.message for change in changes_of(one, other, DEFAULT)]


def test_what_the_server_writes_is_no_change() -> None:
    assert messages(TEXT.replace("name: words", "name: words, uid: a, resourceVersion: '4'")) == []


def test_changed_added_and_missing_values() -> None:
    assert messages(TEXT.replace("a: b", "a: c")) == ["`data.a` is `c`; `b` is required."]
    assert messages(TEXT.replace("a: b", "a: b, c: d")) == ["`data.c` must not be set."]
    assert messages(TEXT.replace("a: b", "c: b")) == ["`data` has no `a`.", "`data.c` must not be set."]
