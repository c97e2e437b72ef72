"""The page of a lab that is for the instructor: what to run before, during and after it."""

from __future__ import annotations

import shlex

from trainer.lab.folder import ANSWERS, CLASS, HANDOUT, HANDOUTS, PACK, RESULTS, ROSTER, SETTINGS, Lab


def grading_command(lab: Lab) -> str:
    """The command that grades the whole class, ready for a shell in the folder of the lab."""
    seed = "--seed-by-learner" if lab.seed is None else f"--seed={lab.seed}"
    return shlex.join(
        [
            *("cks-trainer", "--pack", PACK, "batch", ANSWERS, "--cards", ",".join(lab.cards)),
            *("--roster", ROSTER, seed, "--out", RESULTS),
        ]
    )


def serving_command() -> str:
    """The command that opens the app of each learner in a browser, for a shell in the folder of the lab."""
    return f"cks-trainer --workspace {ANSWERS} --pack {PACK} serve --roster {ROSTER}"


def readme(lab: Lab, *, varies: bool) -> str:
    """The page, Markdown. `varies` is whether the learners have handouts of their own."""
    own = f" and each their own page of `{HANDOUTS}/`" if varies else ""
    table = {
        f"{HANDOUT}.md`, `{HANDOUT}.html": "The handout of the class.",
        f"{HANDOUTS}/": "The handout of each learner." if varies else "",
        f"{PACK}/": "The cards, without solutions.",
        f"{ANSWERS}/": "A folder for each learner with the starter files; later also their progress.",
        f"{SETTINGS}/": "A settings file for each learner.",
        ROSTER: "The learners by their folders, with their names.",
        CLASS: "What the learners' programs tell the board: points and checks, no answers.",
        f"{RESULTS}/": "The results of grading, later.",
    }
    rows = "".join(f"| `{name}` | {words} |\n" for name, words in table.items() if words)
    return f"""\
# For the instructor

Run these commands in this folder. Learners don't need this page.

## Before

Give the learners `{HANDOUT}.html`{own}. They work in one of these ways:

- In browsers on this machine: `{serving_command()}` prints a link for
  each learner.
- In a terminal on this machine: `cks-trainer --config {SETTINGS}/FOLDER.toml`.
- On machines of their own: give them `{PACK}/` and their folder of `{ANSWERS}/`; at the end, put that folder
  back.

Learners with accounts of their own need to write to their folder in `{ANSWERS}/` and to the folder of
`{CLASS}`, which must be on a local disk.

## During

    cks-trainer lab board .
    cks-trainer lab board . --html board.html

## After

    {grading_command(lab)}

This grades what is in `{ANSWERS}/` now, and writes the results to `{RESULTS}/`. The board is only a view.

## What is where

| | |
|---|---|
{rows}"""
