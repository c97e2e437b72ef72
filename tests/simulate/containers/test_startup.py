"""Tests of `simulate.containers.startup`: what happens in a container until it counts as started."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.mounts import container_writes
from trainer.simulate.containers.startup import Image, Startup, startup_of
from trainer.simulate.containers.volumes import pod_volumes
from trainer.simulate.shell.filesystem import File
from trainer.simulate.workloads import pod_templates
from trainer.simulate.world import World

HTTPD = Image(
    exists=("/bin/bash", "/bin/dash"),
    links={"/bin/sh": "/bin/dash"},
    aliases={"/bin": "/usr/bin"},
    commands=(("httpd-foreground",), ("httpd", "-DFOREGROUND")),
    daemons=(("httpd",),),
)
BASH, THERE = "/usr/bin/bash", File("/usr/bin/bash")


def started(container: str, pod: str = "", image: Image = HTTPD) -> Startup:
    text = "kind: Pod\nmetadata: {name: immutable, namespace: default}\n"
    text += f"spec: {{{pod} containers: [{{name: c, {container}}}]}}"
    document = parse(text.encode(), "pod.yaml").documents[0]
    world = World((Manifest(document.value, document),))
    template = pod_templates(world.objects)[0]
    path, data = next(found for found in template.containers() if found[0][1] == "containers")
    writes = container_writes(template, pod_volumes(world, template), path, data, {})
    return startup_of(template, path, data, writes, image)


def probe(*argv: str, more: str = "") -> str:
    words = ", ".join(f'"{word}"' for word in argv)
    return f"startupProbe: {{exec: {{command: [{words}]}}, initialDelaySeconds: 1, periodSeconds: 5{more}}}"


def test_nothing_happens_without_a_probe():
    found = started("image: httpd")
    assert (found.trouble, found.files[BASH], dict(found.changed_by)) == ("", THERE, {})


@each_row(
    "argv",
    [
        ("rm", "/bin/bash"),
        ("rm", "-f", "/bin/bash"),
        ("/usr/bin/rm", "/usr/bin/bash"),
        ("sh", "-c", "rm -f /bin/bash"),
        ("bash", "-c", "rm /bin/bash"),
        ("sh", "-c", "rm /bin/bash || true"),
        ("sh", "-c", "[ ! -e /bin/bash ] || rm /bin/bash"),
        ("sh", "-c", "test ! -e /bin/bash || rm /bin/bash"),
    ],
)
def test_a_probe_that_removes_and_succeeds(argv):
    found = started(probe(*argv))
    assert found.trouble == ""
    assert found.files[BASH] is None
    assert found.changed_by[BASH] == "startupProbe"


def test_a_probe_that_fails_at_first_may_succeed_later():
    found = started(probe("sh", "-c", "test ! -e /bin/bash || ! rm /bin/bash"))
    assert (found.trouble, found.files[BASH]) == ("", None)
    once = started(probe("sh", "-c", "test ! -e /bin/bash || ! rm /bin/bash", more=", failureThreshold: 1"))
    assert "restarts the container again and again" in once.trouble


@each_row(
    ("argv", "trouble"),
    [
        (("sh", "-c", "rm /bin/bash; false"), "false always fails"),
        (("sh", "-c", "rm /bin/bash; rm /bin/bash"), "/bin/bash doesn't exist"),
        (("sh", "-c", "rm /bin/bash && exit 1"), "startupProbe"),
        (("rm /bin/bash",), "it can never succeed"),
        (("rm", "/bin/bash", "&&", "true"), "&& is not a file"),
        (("sh", "-c", "rm /bin/bash; sleep 5"), "it takes longer than 1 s"),
        (("false",), "false always fails"),
    ],
)
def test_a_probe_that_never_succeeds(argv, trouble):
    assert trouble in started(probe(*argv)).trouble


def test_a_longer_timeout_lets_a_slow_probe_succeed():
    found = started(probe("sh", "-c", "rm /bin/bash; sleep 5", more=", timeoutSeconds: 6"))
    assert (found.trouble, found.files[BASH]) == ("", None)


@each_row(
    ("context", "trouble"),
    [
        ("readOnlyRootFilesystem: true", "the root filesystem is read-only"),
        ("runAsUser: 33", "user 33 can't change files of root"),
        ("runAsNonRoot: true", "the kubelet refuses to create it"),
    ],
)
def test_who_may_not_remove(context, trouble):
    found = started(f"securityContext: {{{context}}}, {probe('rm', '/bin/bash')}")
    assert trouble in found.trouble
    assert found.files[BASH] == THERE


def test_an_image_with_a_user_of_its_own():
    image = Image(exists=("/bin/bash",), user=101, commands=(("nginx",),))
    assert "user 101" in started(probe("rm", "/bin/bash"), image=image).trouble
    as_root = f"securityContext: {{runAsUser: 0}}, {probe('rm', '/bin/bash')}"
    assert started(as_root, image=image).trouble == ""


def test_post_start_runs_before_the_container_counts_as_started():
    hook = 'lifecycle: {postStart: {exec: {command: ["rm", "/bin/bash"]}}}'
    found = started(hook)
    assert (found.trouble, found.files[BASH], found.changed_by[BASH]) == ("", None, "postStart")
    both = started(f"{hook}, {probe('rm', '/bin/bash')}")
    assert "startupProbe (rm /bin/bash) fails: /bin/bash doesn't exist" in both.trouble
    failing = started('lifecycle: {postStart: {exec: {command: ["false"]}}}')
    assert failing.trouble == "postStart (false) fails: false always fails"
    assert started("lifecycle: {postStart: {sleep: {seconds: 3}}}").trouble == ""


def test_a_command_that_removes_races_with_the_start():
    command = "command: [sh, -c, rm /bin/bash && exec httpd-foreground]"
    found = started(command)
    assert found.trouble == ""
    assert found.files[BASH] == THERE
    assert found.unsure == (BASH,)


def test_a_probe_that_waits_for_the_command():
    command = "command: [sh, -c], args: [rm /bin/bash; httpd -DFOREGROUND]"
    found = started(f"{command}, {probe('test', '!', '-e', '/bin/bash')}")
    assert (found.trouble, found.files[BASH], found.unsure) == ("", None, ())
    assert found.changed_by[BASH] == "command"


@each_row(
    ("container", "trouble"),
    [
        ("command: ['true']", "its command ends with exit code 0 (it ends)"),
        ("command: ['false']", "its command ends with exit code 1"),
        ("args: [sleep, '1']", "its command ends with exit code 0"),
        ("command: [sleep, 1d]", ""),
        ("command: [sleep], args: [infinity]", ""),
        ("command: [httpd-foreground]", ""),
        ("command: [/usr/local/bin/httpd-foreground]", ""),
        ("command: [sh], stdin: true", ""),
        ("command: [sh]", "its command ends with exit code 0 (it ends)"),
        ("command: [httpd]", "its command ends with exit code 0 (it ends)"),
        ("args: [httpd, -DFOREGROUND]", ""),
    ],
)
def test_how_long_the_command_lasts(container, trouble):
    assert started(container).trouble.startswith(trouble) is True
    assert bool(started(container).trouble) is bool(trouble)


@each_row(
    "container",
    [
        "command: [nginx]",
        "command: [sh, -c, $(CMD)]",
        "command: [sh, -c, sleep 9; rm /bin/bash; sleep 1d]",
        f"command: [sleep, '6'], {probe('rm', '/bin/bash')}",
        "startupProbe: {exec: {command: [sh, -c, 'ls /bin/ba*']}}",
        "lifecycle: {postStart: {httpGet: {port: 80}}}",
        "lifecycle: {postStart: {exec: {command: [rm, /bin/bash]}}}, startupProbe: {httpGet: {port: 80}}",
        f"volumeMounts: [{{name: v, mountPath: /bin, subPath: x}}], {probe('rm', '/bin/bash')}",
        "env: [{name: CMD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}], command: [sh, -c, $(CMD)]",
        "envFrom: [{configMapRef: {name: c}}], command: [sh, -c, $(CMD)]",
        "command: [sh, -c, apt-get update && exec httpd-foreground]",
    ],
)
def test_what_is_never_guessed(container):
    with pytest.raises(NotJudged):
        started(container, "volumes: [{name: v, emptyDir: {}}],")


@each_row("place", ["/bin", "/usr"])
def test_an_empty_volume_hides_the_programs_of_the_image(place):
    container = f"volumeMounts: [{{name: v, mountPath: {place}}}], {probe('rm', '/bin/bash')}"
    found = started(container, "volumes: [{name: v, emptyDir: {}}],")
    assert "rm no longer exists" in found.trouble


def test_the_kubelet_replaces_variables_in_the_command_only():
    variables = "env: [{name: F, value: /bin/bash}]"
    replaced = started(f"{variables}, command: [sh, -c, rm $(F) && exec httpd-foreground]")
    assert replaced.unsure == (BASH,)
    escaped = started(f"{variables}, command: [sh, -c, 'test $$F = /bin/bash && exec httpd-foreground']")
    assert escaped.trouble == ""
    found = started(f"{variables}, {probe('sh', '-c', 'rm $F')}")
    assert (found.trouble, found.files[BASH]) == ("", None)


def test_a_volume_is_shared_by_command_and_probe():
    container = "volumeMounts: [{name: v, mountPath: /run}], command: [sh, -c, echo ok > /run/s; sleep 1d]"
    found = started(
        f"{container}, {probe('grep', '-q', 'ok', '/run/s')}", "volumes: [{name: v, emptyDir: {}}],"
    )
    assert found.trouble == ""
    later = "command: [sh, -c, 'while true; do date > /tmp/now; sleep 60; done']"
    assert started(f"{later}, {probe('cat', '/tmp/now')}").trouble == ""


@each_row(
    ("argv", "trouble"),
    [
        (("sh", "-c", "rm /bin/bash; kill 1"), "it stops the container's main process"),
        (("sh", "-c", "while true; do rm -f /bin/bash; done"), "it takes longer than 1 s"),
        (("apk", "del", "bash"), "apk does not exist in the image"),
        (("sh", "-c", "apt-get update && apt-get remove -y bash"), "bash is an essential package"),
        (("rm", "bash"), "bash doesn't exist"),
        (("rm", "/usr/local/bin/bash"), "/usr/local/bin/bash doesn't exist"),
    ],
)
def test_common_mistakes(argv, trouble):
    image = Image(
        exists=HTTPD.exists,
        links=HTTPD.links,
        aliases=HTTPD.aliases,
        commands=HTTPD.commands,
        folder="/srv",
        listing={"/srv": ("htdocs/",), "/usr/local/bin": ("httpd-foreground",)},
        distribution="debian",
    )
    assert trouble in started(probe(*argv), image=image).trouble


SERVES = ("httpd-foreground",)


@each_row("argv", [SERVES, ("sh", "-c", "exec httpd-foreground"), ("sh", "-c", "httpd-foreground")])
def test_a_hook_or_a_probe_that_starts_a_server_never_ends(argv):
    words = ", ".join(f'"{word}"' for word in argv)
    for text in (probe(*argv), f"lifecycle: {{postStart: {{exec: {{command: [{words}]}}}}}}"):
        assert "it starts a server, and doesn't end" in started(text).trouble


def test_a_hook_that_waits_forever():
    found = started("lifecycle: {postStart: {exec: {command: [sh, -c, 'sleep infinity']}}}")
    assert found.trouble == "postStart (sh -c sleep infinity) fails: it doesn't end"


def test_a_server_under_a_timeout_ends():
    found = started("command: [timeout, '0.5', httpd-foreground]")
    assert found.trouble.startswith("its command ends with exit code 124")
    assert started(probe("sh", "-c", "timeout 0.5 httpd-foreground || rm /bin/bash")).files[BASH] is None


def test_a_user_of_its_own_writes_to_tmp_only():
    user = "securityContext: {runAsUser: 33}"
    assert started(f"{user}, {probe('touch', '/tmp/x')}").trouble == ""
    assert "user 33 can't change files of root" in started(f"{user}, {probe('touch', '/etc/x')}").trouble
    volume = f"{user}, volumeMounts: [{{name: v, mountPath: /data}}], {probe('touch', '/data/x')}"
    assert started(volume, "volumes: [{name: v, emptyDir: {}}],").trouble == ""
    with pytest.raises(NotJudged, match="whether user 33 can write /data/x"):
        started(volume, "volumes: [{name: v, hostPath: {path: /data}}],")


def test_a_not_judged_probe_says_where_it_stands():
    with pytest.raises(NotJudged) as caught:
        started(probe("sh", "-c", "rm $X"))
    assert caught.value.location is not None
    assert caught.value.location.path == "spec.containers[0].startupProbe.exec.command"


def test_a_probe_without_exec_changes_nothing():
    found = started("startupProbe: {httpGet: {port: 80}}")
    assert (found.trouble, found.files[BASH]) == ("", THERE)


def test_what_runs_too_late_or_elsewhere():
    other = "initContainers: [{name: setup, command: [rm], args: [/bin/bash]}],"
    late = "livenessProbe: {exec: {command: [rm, /bin/bash]}}, lifecycle: {preStop: {exec: {command: [x]}}}"
    found = started(late, other)
    assert [action.words for action in found.later] == [
        "livenessProbe (rm /bin/bash)",
        "preStop (x)",
        "init container setup (rm /bin/bash)",
    ]
    assert found.files[BASH] == THERE


@each_row(
    "container",
    ["startupProbe: null", "startupProbe: {exec: null}", "lifecycle: {postStart: {}}", "command: null"],
)
def test_odd_data_does_not_crash(container):
    assert started(container).trouble == ""
