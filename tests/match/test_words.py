"""Tests of `match.words`: how values and their places are said in a reason."""

from __future__ import annotations

from trainer.manifests.model import Document, Manifest
from trainer.match.view import whole
from trainer.match.words import counted, owner_of, sentence, shown, what

DATA = {
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "sun"},
    "volumes": [{"name": "top"}],
    "spec": {
        "initContainers": [{"name": "init", "image": "a", "command": ["b"], "args": ["c"]}],
        "volumes": [{"name": "v", "emptyDir": {}}],
        "ephemeralContainers": [{"name": "debug"}],
        "containers": [{"name": 5}, "no container"],
        "securityContext": {"runAsUser": 5},
    },
}
POD = whole(Manifest(DATA, Document(DATA, "a.yaml", 1, 1, {})))


def test_shown() -> None:
    assert shown("a") == "`a`"
    assert shown(True) == "`true`"
    assert shown({"a": [1]}) == '`{"a": [1]}`'
    assert shown("x" * 80) == f"`{'x' * 80}`"
    assert shown("x" * 90) == f"`{'x' * 80}...`"


def test_what_names_the_container() -> None:
    init = POD.child("spec").child("initContainers").items()[0]
    assert what(init) == "init container `init`"
    assert what(init.child("image")) == "`image` of init container `init`"
    assert what(POD.child("spec").child("volumes").items()[0].child("emptyDir")) == "`emptyDir` of volume `v`"
    assert what(POD.child("volumes").items()[0]) == "volume `top`"
    assert what(POD.child("spec")) == "`spec`"
    assert what(POD) == "Pod sun/web"
    assert what(POD.child("spec").child("ephemeralContainers").items()[0]) == "ephemeral container `debug`"


def test_what_has_no_name_is_told_by_its_place() -> None:
    unnamed, none = POD.child("spec").child("containers").items()
    assert what(unnamed) == "`spec.containers[0]`"
    assert what(unnamed.child("image")) == "`spec.containers[0].image`"
    assert what(none) == "`spec.containers[1]`"
    containers = POD.child("spec").child("containers")
    assert what(containers) == "`spec.containers`"


def test_made_up_values_are_told_by_what_they_come_from() -> None:
    init = POD.child("spec").child("initContainers").items()[0]
    assert what(init.child("argv")) == "`command` and `args` of init container `init`"
    assert what(init.child("effectiveSecurityContext")) == "`securityContext` of init container `init`"
    inherited = init.child("effectiveSecurityContext").child("runAsUser")
    assert what(inherited) == "`spec.securityContext.runAsUser`"
    assert owner_of(init) is None
    assert owner_of(inherited) is not None


def test_sentence_and_counted() -> None:
    assert sentence("container `a` is") == "Container `a` is"
    assert sentence("`image` is") == "`image` is"
    assert (counted(1, "item"), counted(2, "item")) == ("1 item", "2 items")
