"""Tests of `rules.startup_command`: what a container's start does to named programs."""

from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import startup_command
from trainer.rules.startup_command import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(startup_command)

IMAGE = {
    "exists": ["/bin/bash", "/bin/dash"],
    "links": {"/bin/sh": "/bin/dash"},
    "aliases": {"/bin": "/usr/bin"},
    "commands": [["httpd-foreground"]],
}
POD = """kind: Pod
metadata: {name: immutable, namespace: default}
spec:
  containers:
  - name: immutable
    image: httpd
    startupProbe:
      exec:
        command:
        - rm
        - /bin/bash
      initialDelaySeconds: 1
      periodSeconds: 5
"""


def judged(text: str, **params: object) -> Outcome:
    document = parse(text.encode(), "pod.yaml").documents[0]
    world = World((Manifest(document.value, document),))
    asked = {
        "object": "Pod default/immutable",
        "image": IMAGE,
        "removes": ["/bin/bash"],
        "keeps": ["/bin/sh"],
        "by": ["startupProbe"],
    }
    return judge(world, msgspec.convert({**asked, **params}, Params))


def evidence(outcome: Outcome) -> str:
    assert outcome.status is Status.FAIL
    assert len(outcome.evidence) == len(outcome.reasons) == 1
    prefix = "container immutable of Pod default/immutable: "
    assert outcome.evidence[0].startswith(prefix)
    return outcome.evidence[0].removeprefix(prefix)


def with_probe(command: str) -> str:
    return POD.replace(
        "        command:\n        - rm\n        - /bin/bash\n", f"        command: {command}\n"
    )


def test_the_probe_removes_the_program():
    assert judged(POD) == Outcome(Status.PASS)
    assert judged(with_probe("[sh, -c, rm -f /usr/bin/bash]")) == Outcome(Status.PASS)


@each_row(
    ("command", "expected"),
    [
        ("[rm, /bin/sh]", "/bin/bash still exists after startupProbe (rm /bin/sh) (line 9)."),
        (
            "[mv, /bin/bash, /bin/hidden]",
            "/bin/bash still exists as /usr/bin/hidden and can be run from there",
        ),
        ("[chmod, -x, /bin/bash]", "/bin/bash is no longer executable, but it still exists (line 9)."),
        (
            "[cp, /bin/dash, /bin/bash]",
            "/bin/bash is now a copy of /usr/bin/dash, so it still exists (line 9).",
        ),
        (
            "[ln, -sf, /bin/dash, /bin/bash]",
            "/bin/bash is now a link to /bin/dash, so it still exists (line 9).",
        ),
        ("[sh, -c, ': > /bin/bash']", "/bin/bash has other content now, but it still exists (line 9)."),
        (
            "[find, /bin, -name, bash, -delete]",
            "/bin/bash still exists after startupProbe (find /bin -name bash -d",
        ),
        (
            "[rm /bin/bash]",
            "it never counts as started: startupProbe (rm /bin/bash) fails:"
            " program 'rm /bin/bash' doesn't exist; it can never succeed (line 9).",
        ),
        ("[sh, -c, rm /bin/bash && false]", "it never counts as started: startupProbe"),
        ("['true']", "/bin/bash still exists after startupProbe (true) (line 9)."),
    ],
)
def test_what_the_probe_does_instead(command, expected):
    outcome = judged(with_probe(command), keeps=[])
    assert evidence(outcome).startswith(expected.removesuffix("."))
    assert outcome.reasons[0].location is not None
    assert outcome.reasons[0].location.line == 9


@each_row(
    "command",
    [
        "[rm, /bin/bashh]",
        "[unlink, /bin/bashh]",
        "[sh, -c, rm /bin/bashh || true]",
        "[sh, -c, cd /bin; rm bashh; rm bosh]",
        "[sh, -c, rm /bin/bashh && mv /bin/bash /bin/b]",
    ],
)
def test_a_program_that_may_be_there_or_not_does_not_stand_for_another(command):
    outcome = judged(with_probe(command), keeps=[])
    assert evidence(outcome).startswith("/bin/bash still exists")
    assert outcome.reasons[0].location.line == 9


def test_what_holds_whether_a_program_is_there_or_not():
    assert judged(with_probe("[sh, -c, rm /bin/bashh /bin/bash || true]")) == Outcome(Status.PASS)
    assert judged(with_probe("[sh, -c, rm /bin/bashh || rm /bin/bash; rm /bin/bash || true]")) == Outcome(
        Status.PASS
    )


@each_row(
    "command",
    [
        "[rm, /bin/bash, /bin/bashh]",
        "[sh, -c, rm /bin/bashh || rm /bin/bash]",
        "[sh, -c, rm /bin/bashh && rm /bin/bash]",
        "[rm, /srv/tool]",
        "[sh, -c, rm /bin/a1; rm /bin/a2; rm /bin/a3; rm /bin/a4]",
    ],
)
def test_what_hangs_on_a_program_that_may_be_there_is_not_judged(command):
    with pytest.raises(NotJudged, match="whether the image has"):
        judged(with_probe(command), keeps=[])


def test_what_must_be_kept():
    assert "/bin/sh can no longer be run (line 9)." in evidence(
        judged(with_probe("[rm, /bin/bash, /bin/sh]"))
    )
    assert "/bin/sh can no longer be run" in evidence(judged(with_probe("[rm, /bin/bash, /bin/dash]")))


def test_another_probe_is_too_late():
    found = evidence(judged(POD.replace("startupProbe", "livenessProbe")))
    assert (
        found == "livenessProbe (rm /bin/bash) doesn't run before this container counts as started (line 9)."
    )


def test_who_removes_it_may_be_asked_for():
    hook = POD[: POD.index("    startupProbe")] + (
        "    lifecycle: {postStart: {exec: {command: [rm, /bin/bash]}}}\n"
    )
    assert evidence(judged(hook)).startswith("postStart removes /bin/bash, not startupProbe")
    assert judged(hook, by=["postStart"]) == Outcome(Status.PASS)


def test_a_command_alone_gives_no_guarantee():
    text = POD[: POD.index("    startupProbe")] + '    args: [sh, -c, "rm /bin/bash; httpd-foreground"]\n'
    assert "the container counts as started before that" in evidence(judged(text, by=["command"]))


def test_a_read_only_root_forbids_it():
    text = POD.replace("image: httpd", "image: httpd\n    securityContext: {readOnlyRootFilesystem: true}")
    assert "fails: /bin/bash: the root filesystem is read-only" in evidence(judged(text))


def test_missing_objects_and_containers():
    assert judged(POD, object="Pod sun/immutable").status is Status.FAIL
    assert judged(POD, container="web").reasons[0].message == "Pod default/immutable has no container web."
    assert judged(POD, container="immutable") == Outcome(Status.PASS)


def test_what_is_not_known_is_not_judged():
    with pytest.raises(NotJudged, match=r"a file name pattern .*pod.yaml line 9"):
        judged(with_probe("[sh, -c, ls /bin/b*]"))
    with pytest.raises(NotJudged, match="whether the image has /usr/share/doc/bash"):
        judged(with_probe("[find, /, -name, bash, -delete]"))
    with pytest.raises(NotJudged, match="find below /"):
        judged(with_probe("[find, /, -name, 'b*', -delete]"))
