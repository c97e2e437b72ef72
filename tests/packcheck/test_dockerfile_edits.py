"""Tests of `packcheck.dockerfile_edits`: the mutants of a Dockerfile."""

from __future__ import annotations

from tests.simulate.images.sample import BUILD, DIGEST
from trainer.packcheck.dockerfile_edits import dockerfile_edits

TEXT = f"""FROM alpine@{DIGEST["alpine"]} AS a
COPY app.py /a
FROM scratch
COPY --from=a /a /b
USER 65532
CMD ["/b"]"""


def edits(text, ignore=""):
    return {(one.path, one.mutation, one.what) for one in dockerfile_edits(text, ignore, BUILD)}


def test_what_is_changed():
    found = edits(TEXT)
    base = f"alpine@{DIGEST['alpine']}"
    assert {
        ("line 1", "delete", "instruction deleted"),
        ("line 1", "move", "swapped with the next instruction"),
        (f"line 1: {base}", "widen", f"changed to {base.partition('@')[0]}"),
        (f"line 1: {base}", "change", f"changed to gcr.io/distroless/static:latest@{DIGEST['static']}"),
        ("line 4: --from=a", "delete", "word deleted"),
        ("line 5", "delete", "instruction deleted"),
        ("line 5", "change", "changed to root"),
        ("line 5: 65532", "change", "changed to 0"),
        ("line 6: CMD", "flip", "changed to ENTRYPOINT"),
        ("line 6", "change", "changed to the shell form"),
    } <= found
    # Both orders make the same image.
    assert ("line 5", "move", "swapped with the next instruction") not in found
    assert ("line 2: COPY", "flip", "changed to ADD") not in found


def test_secrets_and_arguments():
    text = (
        "FROM alpine:3.20\nARG VERSION=1\n"
        "RUN --mount=type=secret,id=token,target=/t cp /t /x\nRUN echo $VERSION > /v"
    )
    found = edits(text)
    mount = "--mount=type=secret,id=token,target=/t"
    assert (f"line 3: {mount}", "delete", "word deleted") in found
    assert (f"line 3: {mount}", "change", f"changed to {mount.replace('secret', 'cache')}") in found


def test_what_changes_nothing_is_no_mutant():
    assert edits("# a comment\nFROM scratch\nLABEL a=1\nCOPY app.py /") == {
        ("line 2", "delete", "instruction deleted"),
        ("line 2", "move", "swapped with the next instruction"),
        ("line 2: FROM", "delete", "word deleted"),
        ("line 2: scratch", "delete", "word deleted"),
    } | {one for one in edits("# a comment\nFROM scratch\nLABEL a=1\nCOPY app.py /") if one[0] != "line 2"}
