"""From what is wrong on a node to the line of the script where the learner would change something."""

from __future__ import annotations

import msgspec

from trainer.rules._node.script import Script
from trainer.simulate.node.run import Failure, Run, printed
from trainer.simulate.node.system import Cluster
from trainer.verdict import Location, Outcome, Reason

NOW, BOOT = "now", "boot"
_SHOWN = 4
"""How many faults of one check are told."""


class Wrong(msgspec.Struct, frozen=True):
    """One thing that isn't as the task requires."""

    message: str
    keys: tuple[str, ...]
    """The facts that decide, without the node."""
    command: str
    """What shows it."""
    needle: str = ""
    """Only lines of the output with this text are shown."""
    words: tuple[str, ...] = ()
    """Words by which a failed command is about it."""
    host: str = ""
    when: str = NOW
    shown_by: str = ""
    """The node on which the command runs, if it is another."""
    line: int = 0
    """The line that did it, if that is known."""
    proof: str = ""
    """The evidence, if no command shows it afterwards."""
    files: str = ""
    """Where files about it are: `/etc/modprobe.d`."""


def outcome(script: Script, wrongs: list[Wrong]) -> Outcome:
    """FAIL with the line and the evidence of each fault; PASS without any."""
    if not wrongs:
        return Outcome.of([])
    run = script.run(deep=True)
    reasons: dict[Reason, None] = {}
    evidence: dict[str, None] = {}
    for wrong in _told(wrongs):
        reasons[_reason(script, run, wrong)] = None
        evidence[_evidence(run, wrong)] = None
    return Outcome.of(list(reasons), list(evidence))


def place_of(script: Script, wrong: Wrong) -> Location | None:
    """The line of the script where the learner would change something."""
    return _reason(script, script.run(deep=True), wrong).location


def _told(wrongs: list[Wrong]) -> list[Wrong]:
    """Each fault once: what is wrong now is wrong after a restart, too."""
    found: dict[tuple[str, tuple[str, ...]], Wrong] = {}
    for wrong in sorted(wrongs, key=lambda one: one.when != NOW):
        found.setdefault((wrong.host, wrong.keys), wrong)
    return list(found.values())[:_SHOWN]


def _reason(script: Script, run: Run, wrong: Wrong) -> Reason:
    if wrong.line:
        before = _failure(run, wrong)
        why = f" Line {before.line} fails: {before.why}" if before is not None else ""
        return Reason(f"{wrong.message}{why}", script.at(wrong.line))
    after = f"After a restart of {wrong.host}: " if wrong.when == BOOT else ""
    message = f"{after}{wrong.message}"
    lines = [run.journal[key] for one in wrong.keys if (key := _fact(wrong, one)) in run.journal]
    failure = _failure(run, wrong)
    if failure is not None and not (lines and max(lines) > failure.line):
        return Reason(f"{message} Line {failure.line} fails: {failure.why}", script.at(failure.line))
    if lines:
        return Reason(message, script.at(max(lines)))
    passing = [run.journal[key] for one in wrong.keys if (key := f"{wrong.host} {one}") in run.journal]
    if wrong.when == BOOT and passing:
        why = f"Line {max(passing)} changes it only until the next restart."
        return Reason(f"{message} {why}", script.at(max(passing)))
    if run.broken is not None:
        why = f"Line {run.broken.line}: {run.broken.why}."
        return Reason(f"{message} {why}", script.at(run.broken.line))
    if run.waits:
        why = f"The script waits on line {run.last_line} for input that never comes."
        return Reason(f"{message} {why}", script.at(run.last_line))
    if run.code and run.last_line < _last_command(script):
        return Reason(f"{message} The script ends on line {run.last_line}.", script.at(run.last_line))
    written = [
        (line, path) for path, line in run.written.items() if wrong.files and path.startswith(wrong.files)
    ]
    if written:
        line, path = max(written)
        return Reason(f"{message} Line {line} writes {path}, which does not change that.", script.at(line))
    return Reason(f"{message} No line of the script changes that.", Location(script.file, 1, 1))


def _fact(wrong: Wrong, key: str) -> str:
    """The name of a fact in the journal; one that starts with `*` is whole already."""
    if key.startswith("*"):
        return key[1:]
    return f"boot {wrong.host} {key}" if wrong.when == BOOT else f"{wrong.host} {key}"


def _last_command(script: Script) -> int:
    lines = script.text.splitlines()
    return max(
        (n for n, one in enumerate(lines, 1) if one.strip() and not one.strip().startswith("#")), default=1
    )


def _failure(run: Run, wrong: Wrong) -> Failure | None:
    """A failed command that is about the fault; if the script ended early, the one that ended it."""
    about = [one for one in run.failures if any(word in one.command for word in wrong.words if word)]
    if about:
        return about[-1]
    last = run.failures[-1] if run.failures else None
    return last if last is not None and run.code and last.line == run.last_line else None


def _evidence(run: Run, wrong: Wrong) -> str:
    if wrong.proof:
        return wrong.proof
    cluster: Cluster = run.booted if wrong.when == BOOT else run.after
    host = wrong.shown_by or wrong.host
    text = printed(cluster, host, wrong.command)
    lines = [" ".join(line.split()) for line in text.splitlines() if wrong.needle in line]
    shown = " / ".join(lines[:3])
    after = "After a restart, " if wrong.when == BOOT else ""
    where = f"`{wrong.command}` on {host} prints"
    if not shown:
        return f"{after}{where} nothing{f' about {wrong.needle}' if wrong.needle else ''}."
    return f"{after}{where}: {shown}"
