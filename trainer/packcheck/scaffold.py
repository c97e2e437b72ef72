"""A new card: a file and a solutions folder with every part in its place, to be filled in."""

from __future__ import annotations

import os
from pathlib import Path

from trainer.content.curriculum import DOMAINS
from trainer.content.files import SUFFIX, card_files, card_id_of
from trainer.content.load import is_card_id
from trainer.content.locate import SCHEMA, Pack, schema_file
from trainer.errors import UsageError
from trainer.files import FileFault, read_file, replace_file

_CARD = """\
# yaml-language-server: $schema={schema}
format: 1
id: {card_id}
title: FILL IN a short title, in the words of the field
domain: {domain}
competency: {competency}     # {words}
difficulty: medium           # FILL IN easy, medium or hard
minutes: 6                   # FILL IN at exam pace
prompt: |
  FILL IN Say everything that the checks require and nothing else. Name the file of the answer, `answer.yaml`:
  here Namespace `example`, in which the Pod Security Standard `baseline` is enforced.
files: [answer.yaml]
# start: text that a file of the answer begins with; start_given: [answer.yaml] if its objects exist already
# given: the objects that exist before the answer, as YAML text
docs:
  - https://kubernetes.io/docs/concepts/security/pod-security-admission/  # FILL IN pages allowed in the exam
hints:
  - FILL IN from a nudge
  - FILL IN to nearly the answer
imperative: |
  # FILL IN the fast way with kubectl
  kubectl create namespace example --dry-run=client -o yaml > answer.yaml
checks:
  - id: exists
    says: FILL IN one sentence for each check, such as that Namespace example exists
    why: FILL IN why it matters
    points: 1
    rule: object               # FILL IN docs/rules.md has all rules and their parameters
    object: Namespace example
  - id: enforced
    says: FILL IN another sentence, such as that it enforces baseline
    why: FILL IN why it matters
    points: 2
    needs: [exists]            # skipped, not failed, without it
    rule: fields
    object: Namespace example
    expect: {{metadata: {{labels: {{pod-security.kubernetes.io/enforce: baseline}}}}}}
# harmless: mutants of the reference that rightly pass; `pack check` prints the line to copy for each
"""

_NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata:
  name: {name}
  labels:
    pod-security.kubernetes.io/{mode}: baseline
"""

_SOLUTIONS = {
    "reference.yaml": "# FILL IN the solution that is shown: minimal, full marks\n"
    + _NAMESPACE.format(name="example", mode="enforce"),
    "also-other-form.yaml": "# FILL IN another right answer: it differs in order, fields or format\n"
    'metadata: {name: example, labels: {"pod-security.kubernetes.io/enforce": "baseline"}}\n'
    "kind: Namespace\napiVersion: v1\n",
    "wrong-mistake.yaml": "# fails: enforced\n# FILL IN a typical mistake; above, the checks that it fails\n"
    + _NAMESPACE.format(name="example", mode="warn"),
    "wrong-name.yaml": "# fails: exists\n# FILL IN a typical mistake for each other check\n"
    + _NAMESPACE.format(name="exampel", mode="enforce"),
    "explain.md": "FILL IN Why the solution works, and why the typical mistakes don't.\n",
}


def new_card(card_id: str, competency: str, pack: Pack) -> list[Path]:
    """Write a new card into a pack. Returns its files; `pack check` lists what is unfinished.

    The pack also gets the schema of cards, which the first line of the card names for editors.

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
        card_id=card_id,
        domain=domain.id,
        competency=competency,
        words=domain.competencies[competency],
        schema=os.path.relpath(_schema_of(pack), pack.tasks / domain.id),
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
        if _schema_of(pack) != schema_file():
            replace_file(_schema_of(pack), read_file(schema_file()))
    except FileFault as fault:
        raise UsageError(fault.message, remedy=fault.remedy) from fault
    return list(files)


def _schema_of(pack: Pack) -> Path:
    """The schema that the cards of a pack name: its own copy, which goes where the pack goes."""
    own = pack.tasks.parent / "docs" / SCHEMA
    return own if own == schema_file() else pack.tasks.parent / SCHEMA
