"""Tests of `rules._words`: how values and their places are said in a reason."""

from __future__ import annotations

from trainer.manifests.model import Document, Manifest
from trainer.match.view import whole
from trainer.match.words import counted, sentence, shown, what

DATA = {
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "sun"},
    "spec": {"initContainers": [{"name": "init", "image": "a"}], "volumes": [{"name": "v", "emptyDir": {}}]},
}
POD = whole(Manifest(DATA, Document(DATA, "a.yaml", 1, 1, {})))


def test_shown() -> None:
    assert shown("a") == "`a`"
    assert shown(True) == "`true`"
    assert shown({"a": [1]}) == '`{"a": [1]}`'
    assert shown("x" * 90) == f"`{'x' * 80}...`"


def test_what_names_the_container() -> None:
    init = POD.child("spec").child("initContainers").items()[0]
    assert what(init) == "init container `init`"
    assert what(init.child("image")) == "`image` of init container `init`"
    assert what(POD.child("spec").child("volumes").items()[0].child("emptyDir")) == "`emptyDir` of volume `v`"
    assert what(POD.child("spec")) == "`spec`"
    assert what(POD) == "Pod sun/web"


def test_sentence_and_counted() -> None:
    assert sentence("container `a` is") == "Container `a` is"
    assert sentence("`image` is") == "`image` is"
    assert (counted(1, "item"), counted(2, "item")) == ("1 item", "2 items")
