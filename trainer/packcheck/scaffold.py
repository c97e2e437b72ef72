"""A new card: a file and a solutions folder with every part in its place, to be filled in."""

from __future__ import annotations

from pathlib import Path

from trainer.content.curriculum import DOMAINS
from trainer.content.files import SUFFIX, card_files, card_id_of
from trainer.content.load import is_card_id
from trainer.content.locate import Pack
from trainer.errors import UsageError
from trainer.files import FileFault, replace_file

_CARD = """\
format: 1
id: {card_id}
title: FILL IN a short title, in the words of the field
domain: {domain}
competency: {competency}     # {words}
difficulty: medium           # FILL IN easy, medium or hard
minutes: 6                   # FILL IN at exam pace
prompt: |
  FILL IN Say everything that the checks require and nothing else. Name the file of the answer, `answer.yaml`.
files: [answer.yaml]
# start: text that a file of the answer begins with; start_given: [answer.yaml] if its objects exist already
given: |
  # FILL IN the objects that exist before the answer
  apiVersion: v1
  kind: Namespace
  metadata:
    name: example
docs:
  - https://kubernetes.io/docs/     # FILL IN the pages that help, as far as they are allowed in the exam
hints:
  - FILL IN from a nudge
  - FILL IN to nearly the answer
imperative: |
  # FILL IN the fast way with kubectl
checks:
  - id: exists
    says: FILL IN one sentence for each check
    why: FILL IN why it matters
    points: 1
    rule: object               # FILL IN see docs/rules.md
    object: Pod example/example
"""

_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: example
  namespace: {namespace}
spec:
  containers:
    - name: example
      image: busybox:1.36
"""

_SOLUTIONS = {
    "reference.yaml": "# FILL IN the solution that is shown: minimal, full marks\n"
    + _POD.format(namespace="example"),
    "also-other-form.yaml": "# FILL IN another right answer: it differs in order, fields or format\n"
    + _POD.format(namespace="example"),
    "wrong-mistake.yaml": "# fails: exists\n# FILL IN a typical mistake, and above the checks that it fails\n"
    + _POD.format(namespace="default"),
    "explain.md": "FILL IN Why the solution works, and why the typical mistakes don't.\n",
}


def new_card(card_id: str, competency: str, pack: Pack) -> list[Path]:
    """Write a new card into a pack. Returns the files written; `pack check` lists what is unfinished.

    Raises `UsageError` if the ID or the competency can't be used, or if the card exists.
    """
    if not is_card_id(card_id):
        raise UsageError(f"{card_id!r} is not a valid card ID", remedy="use a-z, 0-9 and single dashes")
    domain = next((one for one in DOMAINS if competency in one.competencies), None)
    if domain is None:
        known = ", ".join(name for one in DOMAINS for name in one.competencies)
        raise UsageError(f"no competency is named {competency!r}", remedy=f"competencies: {known}")
    if card_id in map(card_id_of, card_files(pack.tasks)):
        raise UsageError(f"the card {card_id} exists already", remedy="choose another ID")
    text = _CARD.format(
        card_id=card_id, domain=domain.id, competency=competency, words=domain.competencies[competency]
    )
    folder = pack.solutions / domain.id / card_id
    files = {pack.tasks / domain.id / f"{card_id}{SUFFIX}": text}
    files |= {folder / name: content for name, content in _SOLUTIONS.items()}
    taken = [path for path in files if path.exists()]
    if taken:
        raise UsageError(f"{taken[0]} exists already", remedy="move it, or choose another ID")
    try:
        for path, content in files.items():
            replace_file(path, content.encode())
    except FileFault as fault:
        raise UsageError(fault.message, remedy=fault.remedy) from fault
    return list(files)
