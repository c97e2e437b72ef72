"""Whose fault it is that a Pod doesn't run: its author's or the cluster's.

Follows what the kubelet, the scheduler and the ReplicaSet controller report (v1.36): the waiting reasons of
pkg/kubelet/images and pkg/kubelet/kuberuntime, the reasons of pkg/kubelet/lifecycle, the messages of the
scheduler's plugins, and https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from trainer.patterns import regex
from trainer.safe_text import one_line

_LONGEST = 200

_AUTHORS = frozenset(
    """CrashLoopBackOff CreateContainerConfigError CreateContainerError RunContainerError InvalidImageName
    StartError ContainerCannotRun PostStartHookError PreStartHookError ErrImageNeverPull""".split()
)
"""Waiting reasons that the object itself causes."""
_IMAGE = frozenset(("ImagePullBackOff", "ErrImagePull", "RegistryUnavailable", "ImageInspectError"))
_ABSENT_IMAGE = regex(r"not found|manifest unknown|does not exist|invalid reference format")
_PROFILE = regex(r"(?i)apparmor|seccomp (?:profile|spec|filter)")
"""A profile that the node lacks: no object of the API brings it there."""
_NODES = frozenset(
    """AppArmor Evicted Terminated NodeShutdown NodeLost Shutdown Preempting UnexpectedAdmissionError
    OutOfcpu OutOfmemory OutOfpods OutOfephemeral-storage""".split()
)
"""Reasons of a failed Pod that its node causes."""
_UNMATCHED = regex(r"didn't match Pod's node affinity|didn't match pod (?:anti-)?affinity rules")
_NO_CLAIM = regex(r'persistentvolumeclaim "[^"]*" not found')
_COMPLAINT = regex(r"\d+ ([^,.]+)")
_MISSING = regex(r"not found|non-existent|no such key|does not exist")

Named = Callable[[str], bool]
"""Whether the card itself names an image, so that a registry without it isn't the learner's mistake."""


class Blame(msgspec.Struct, frozen=True):
    """Why a Pod doesn't run, a sentence without a period. `author`: the object is wrong."""

    why: str
    author: bool


def waiting_blame(reason: str, message: str, image: str, named: Named) -> Blame | None:
    """Why a container waits with a reason of the kubelet; None if it will start in a moment."""
    what = told(f"{reason}: {message}" if message else reason)
    if reason in _IMAGE:
        wrong = bool(_ABSENT_IMAGE.search(message)) and not named(image)
        return Blame(
            f"the registry has no image {told(image)} ({what})"
            if wrong
            else f"the cluster cannot pull an image ({what})",
            wrong,
        )
    if reason not in _AUTHORS:
        return None
    if _PROFILE.search(message):
        return Blame(f"the node lacks a profile ({what})", author=False)
    return Blame(f"a container cannot run ({what})", author=True)


def ended_blame(phase: str, reason: str, message: str) -> Blame:
    """Why a Pod ended."""
    why = message or reason
    return Blame(f"it has ended ({phase}{': ' + told(why) if why else ''})", reason not in _NODES)


def unscheduled_blame(message: str) -> Blame:
    """Why no node can run a Pod. Only what the Pod demands of all nodes is its author's: a full or tainted
    node is the cluster's."""
    why = f"no node can run it ({told(message)})"
    if _NO_CLAIM.search(message):
        return Blame(why, author=True)
    nodes = message.partition("preemption:")[0].partition("are available:")[2]
    complaints = [one for one in _COMPLAINT.findall(nodes) if "untolerated taint" not in one]
    return Blame(why, bool(complaints) and all(_UNMATCHED.search(one) for one in complaints))


def event_blame(reason: str, message: str) -> Blame | None:
    """What a warning about a Pod says: a volume whose source is missing is its author's."""
    if reason in ("FailedMount", "FailedAttachVolume"):
        return Blame(f"a volume can't be mounted ({told(message)})", bool(_MISSING.search(message)))
    if reason in ("FailedCreatePodSandBox", "NetworkNotReady"):
        return Blame(f"its node can't start it ({told(message)})", author=False)
    return None


def creation_blame(message: str) -> Blame:
    """Why a controller can't create Pods: what the API server forbids or finds invalid is their author's."""
    author = "forbidden" in message or "is invalid" in message or "denied" in message
    return Blame(f"its Pods can't be created ({told(message)})", author)


def told(text: str) -> str:
    """A message of the cluster, on one line and not too long."""
    return one_line(text, _LONGEST)
