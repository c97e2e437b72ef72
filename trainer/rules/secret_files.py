"""Which keys of a Secret the containers of a Pod see: as files, with which mode, or in the environment.

Looks at what each container gets in the end: volumes of a Secret, projected ones, sub paths, modes of
items and of the volume, `env` and `envFrom`.
"""

from __future__ import annotations

import posixpath
from typing import Literal

from trainer.match.evidence import MOST
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, ordinary, pods_before, pods_of
from trainer.simulate.api_files import has_fs_group
from trainer.simulate.containers.secret_files import SecretValue, secret_values
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("Secret",))


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which Pods, and what they may have of which Secret."""

    secret: str
    """The Secret's name."""
    files: dict[str, str] = {}
    """The required files: `{/etc/db/password: password}`, the absolute path and the key."""
    containers: tuple[str, ...] = ()
    """The containers that must have the files; all ordinary containers if omitted."""
    mode: str = ""
    """The mode that every file of the Secret must have, in octal: `0400`."""
    environment: Literal["none", "ignored"] = "ignored"
    """`none`: nothing of the Secret in any container's environment."""
    rest: Literal["none", "ignored"] = "ignored"
    """`none`: no other file of the Secret, and none at all in the other containers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode:
            int(self.mode, 8)


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every missing or extra file, every mode that is too open, and every variable."""
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        values = secret_values(world, pod, params.secret)
        names = params.containers or ordinary(pod)
        for name in names:
            for file, key in params.files.items():
                _missing(pod, values, name, (file, key), reasons, evidence)
        for value in values:
            for reason, effect in _complaints(pod, params, names, value):
                reasons.append(reason)
                evidence.append(effect)
    return Outcome.of(list(dict.fromkeys(reasons)), list(dict.fromkeys(evidence))[:MOST])


def picture(world: World, params: Params) -> Picture:
    """Where containers see the Secret: files with their keys and modes, and variables; now and before."""
    title = f"Where containers see Secret {params.secret}"
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    old = {
        (pod.title, value.container, value.file or value.variable): _said(value)
        for pod in pods_before(world, params)
        for value in secret_values(world.before(), pod, params.secret)
    }
    facts: list[Fact] = []
    for pod in pods:
        values = secret_values(world, pod, params.secret)
        names = params.containers or ordinary(pod)
        missing: list[Reason] = []
        for name in names:
            for file, key in params.files.items():
                before = len(missing)
                _missing(pod, values, name, (file, key), missing, [])
                there = any(one.container == name and one.file == file for one in values)
                if len(missing) > before and not there:
                    facts.append(Fact(f"{name}: {file}", "no such file", False, missing[-1].location))
        for value in values:
            who = f"{value.container}: {value.file or f'${value.variable}'}"
            was = old.get((pod.title, value.container, value.file or value.variable), "")
            complaints = [reason for reason, _ in _complaints(pod, params, names, value)]
            wrong = bool(complaints) or not _meets(params, names, value)
            place = complaints[0].location if complaints else value.location
            about = value.file and (params.files or params.mode or params.rest == "none")
            right = False if wrong else True if about else None
            facts.append(Fact(who, _said(value), right, place, "" if was == _said(value) else was))
        told = {value.container for value in values} | set(names)
        seen = (str(one.get("name", "")) for _, one in pod.containers())
        facts += [Fact(name, "nothing of it") for name in seen if name not in told]
    return of_facts(title, facts, Outcome.of([]))


def _said(value: SecretValue) -> str:
    key = f"key {value.key}" + ("" if value.exists else ", which the Secret hasn't")
    return f"{key}, mode {value.mode:04o}" if value.file else key


def _meets(params: Params, names: tuple[str, ...], value: SecretValue) -> bool:
    """Whether a file that the check requires of this container has the right key."""
    wanted = params.files.get(value.file)
    return (
        not value.file
        or value.container not in names
        or wanted is None
        or (wanted == value.key and value.exists)
    )


def _missing(
    pod: PodTemplate,
    values: list[SecretValue],
    name: str,
    wanted: tuple[str, str],
    reasons: list[Reason],
    evidence: list[str],
) -> None:
    file, key = wanted
    there = [value for value in values if value.container == name and value.file == file]
    if any(value.key == key and value.exists for value in there):
        return
    who = f"container {name} of {pod.title}"
    if there and not there[0].exists:
        text = f"The Secret {there[0].secret} has no key {there[0].key}."
        effect = f"{who[0].upper()}{who[1:]} does not start: the kubelet can't set up the volume."
    elif there:
        text = f"{file} contains the key {there[0].key}, not {key}."
        effect = f"In {who}, `cat {file}` prints the value of {there[0].key}."
    else:
        elsewhere = [value for value in values if (value.container, value.key) == (name, key) and value.file]
        text = f"Container {name} has no file of the Secret at {file}."
        if elsewhere:
            text = f"Container {name} has the key {key} at {elsewhere[0].file}, not at {file}."
            there = elsewhere
        effect = f"In {who}, `cat {file}`: No such file or directory."
    reasons.append(Reason(text, _cause(there[0], file) if there else _place(pod, name)))
    evidence.append(effect)


def _cause(value: SecretValue, wanted: str) -> Location | None:
    """What a learner changes so that a file is at another path: the mount if it is in another directory."""
    moved = posixpath.dirname(value.file) != posixpath.dirname(wanted)
    return value.mount if moved else value.location


def _place(pod: PodTemplate, name: str) -> Location:
    for path, container in pod.containers():
        if container.get("name") == name:
            return pod.where(*path, "volumeMounts")
    return pod.where("spec", "containers")


def _complaints(
    pod: PodTemplate, params: Params, names: tuple[str, ...], value: SecretValue
) -> list[tuple[Reason, str]]:
    """What is wrong with a value of the Secret, and what follows from it."""
    who = f"container {value.container} of {pod.title}"
    if value.variable:
        if params.environment != "none":
            return []
        what = f"Container {value.container} has the key {value.key} in its environment."
        return [(Reason(what, value.location), f"In {who}, `env` prints {value.variable} with the value.")]
    found = []
    if params.rest == "none" and (value.container not in names or params.files.get(value.file) != value.key):
        what = f"Container {value.container} has the key {value.key} at {value.file}: not required."
        place = value.location if value.container in names else value.mount
        effect = f"In {who}, `cat {value.file}` prints the value."
        if not value.exists:
            effect = f"{who[0].upper()}{who[1:]} does not start: the Secret has no key {value.key}."
        found.append((Reason(what, place), effect))
    if params.mode and value.mode != int(params.mode, 8):
        why = _why(pod, value.mode, params.mode)
        what = f"{value.file} has the mode {value.mode:04o}{why}; {int(params.mode, 8):04o} is required."
        effect = f"In {who}, `ls -lL {value.file}` shows {_letters(value.mode)}."
        found.append((Reason(what, value.mode_location), effect))
    return found


def _why(pod: PodTemplate, mode: int, wanted: str) -> str:
    """What makes the mode another one: fsGroup, or a decimal number for an octal one."""
    if str(mode) == wanted.lstrip("0"):
        return f", because {mode} without a leading 0 is a decimal number"
    return ", because fsGroup lets a group read it" * (has_fs_group(pod) and mode == int(wanted, 8) | 0o040)


def _letters(mode: int) -> str:
    """`-r--------` for 0400.

    >>> _letters(0o640)
    '-rw-r-----'
    """
    return "-" + "".join(letter if mode >> (8 - bit) & 1 else "-" for bit, letter in enumerate("rwxrwxrwx"))
