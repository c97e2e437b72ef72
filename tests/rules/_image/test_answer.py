"""Tests of `rules._image.answer`: the file, its ignore file, and secrets that no verdict shows."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import BUILD, TOKEN
from trainer.errors import NotJudged, UsageError
from trainer.rules._image.answer import Wrong, dockerfile_of
from trainer.simulate.images.build import Built
from trainer.simulate.images.dockerfile import Broken
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status


def dockerfile(texts, build=BUILD):
    return dockerfile_of(World((), texts=texts, build=build))


def test_the_file():
    assert dockerfile({"Dockerfile": "FROM scratch", "x": ""}).text == "FROM scratch"
    assert dockerfile({"stdin": "FROM scratch"}).file == "stdin"
    for texts in ({}, {"a": "", "b": ""}, {"Dockerfile": "  \n"}):
        outcome = dockerfile(texts)
        assert isinstance(outcome, Outcome)
        assert outcome.status is Status.FAIL
    with pytest.raises(UsageError):
        dockerfile({}, {})


def test_ignore_files():
    text = "FROM scratch\nCOPY app.py /"
    assert isinstance(dockerfile({"Dockerfile": text}).built(), Built)
    assert isinstance(dockerfile({"Dockerfile": text, "Dockerfile.dockerignore": "*.py"}).built(), Broken)
    own = {**BUILD, "context": {**BUILD["context"], ".dockerignore": "*"}}
    assert isinstance(dockerfile({"Dockerfile": text}, own).built(), Broken)
    assert isinstance(dockerfile({"Dockerfile": text, "Dockerfile.dockerignore": ""}, own).built(), Built)


def test_the_same_build_is_kept():
    one = dockerfile({"Dockerfile": "FROM scratch\nCOPY app.py /"})
    assert one.built() is one.built()
    assert one.built(tampered=True) is not one.built()


def test_not_judged_has_the_file():
    with pytest.raises(NotJudged) as caught:
        dockerfile({"mine": "FROM alpine:3.20\nRUN vi x"}).built()
    assert caught.value.location is not None
    assert (caught.value.location.file, caught.value.location.line) == ("mine", 2)


def test_secrets_are_not_shown():
    outcome = dockerfile({"Dockerfile": "x"}).outcome([Wrong(f"a {TOKEN}", 1, f"b {TOKEN}")])
    assert (outcome.reasons[0].message, outcome.evidence) == ("a <token>", ("b <token>",))
