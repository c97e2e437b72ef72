"""A small pack in a folder of its own, for the tests to damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trainer.content.locate import Pack, pack_at

CARD = """\
format: 1
id: small
title: A small Pod
domain: runtime-security
competency: RT4
difficulty: easy
minutes: 3
prompt: |
  Create Pod `small` in Namespace `sun` with one container `c` of image `busybox:1.32.0`, not privileged.
  It has a read-only root filesystem.
files: [pod.yaml]
start: {pod.yaml: "apiVersion: v1\\nkind: Pod\\n"}
given: |
  apiVersion: v1
  kind: Namespace
  metadata: {name: sun}
docs: [https://kubernetes.io/docs/tasks/configure-pod-container/security-context/]
hints: [Look at the security context.]
checks:
  - id: exists
    says: Pod small exists in Namespace sun
    points: 1
    rule: object
    object: Pod sun/small
    runs: true
  - id: read-only
    says: It has a read-only root filesystem
    points: 2
    needs: [exists]
    rule: fields
    object: Pod sun/small
    expect:
      spec:
        containers: {count: 1, every: {name: c, image: busybox:1.32.0, argv: {absent: true}}}
        all-containers:
          count: 1
          every: {securityContext: {readOnlyRootFilesystem: true, privileged: {none-of: [true]}}}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: small, namespace: sun}
spec:
  containers:
    - name: c
      image: busybox:1.32.0
      securityContext: {readOnlyRootFilesystem: true}
"""
FILES = {
    "tasks/runtime-security/small.yaml": CARD,
    "solutions/runtime-security/small/reference.yaml": POD,
    "solutions/runtime-security/small/also-order.yaml": POD.replace("apiVersion: v1\n", "")
    + "apiVersion: v1\n",
    "solutions/runtime-security/small/wrong-place.yaml": "# fails: exists\n"
    + POD.replace("sun}", "default}"),
    "solutions/runtime-security/small/wrong-writable.yaml": "# fails: read-only\n"
    + POD.replace("true", "false"),
    "solutions/runtime-security/small/explain.md": "Why a root filesystem should be read-only.\n",
}

MakePack = Callable[..., Pack]


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """Writes a pack with one card that is proved, except for the files given (None leaves one out)."""

    def make(changes: dict[str, str | None] | None = None, card: tuple[str, str] = ("", "")) -> Pack:
        files: dict[str, str | None] = {**FILES, **(changes or {})}
        if card[0]:
            assert card[0] in CARD
            files["tasks/runtime-security/small.yaml"] = CARD.replace(*card)
        for name, text in files.items():
            if text is not None:
                (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / name).write_text(text)
        return pack_at(tmp_path)

    return make
