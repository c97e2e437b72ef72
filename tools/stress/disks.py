"""Disks that are full or can't be written: words and an exit code, and what was there stays whole."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.stress.model import Trial
from tools.stress.programs import POD, complaint, finished
from trainer.progress.store import Store

WORDS = (0, 1, 2, 4, 5)
"""Exit codes that say what happened."""


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[None]:
    """A disk of its own at `place`. Raises `OSError` with the reason where none can be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise OSError("this system has no mount command") from None
    if made.returncode:
        raise OSError(made.stderr.strip().splitlines()[-1] if made.stderr.strip() else "mount failed")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)  # noqa: S607 - found as mount is


def _fill(folder: Path, left: int) -> None:
    """Fill the disk, except for so many bytes."""
    hog = folder / "hog"
    with hog.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    os.truncate(hog, max(hog.stat().st_size - left, 0))


def full_disk(home: Path, count: int, seed: int) -> Trial:
    """Every command on a disk with less and less space."""
    del seed
    trial = Trial("full disk", unit="runs")
    for number in range(count):
        disk = home / f"disk-{number}"
        try:
            with small_disk(disk, 1024):
                _on_a_full_disk(trial, disk, left=number * 4096)
        except OSError as error:
            trial.skipped = f"no small disk can be mounted ({error})"
            return trial
    return trial


def _on_a_full_disk(trial: Trial, disk: Path, left: int) -> None:
    answer = disk / "answers" / "tiny-pod" / "pod.yaml"
    answer.parent.mkdir(parents=True)
    answer.write_text(POD.format(mark="first"), encoding="utf-8")
    code, _, err = finished(disk, "grade", "--record", str(answer))
    trial.expect(code == 0, f"with space left: {code} {err[:200]}")
    second = POD.format(mark="second")
    answer.write_text(second, encoding="utf-8")
    _fill(disk, left)
    for arguments in (
        ("grade", "--record", str(answer)),
        ("--json", "grade", str(answer)),
        ("start", "tiny-space"),
        ("list",),
        ("progress",),
        ("hint", "tiny-pod"),
        ("batch", str(disk / "answers"), "--card", "tiny-pod", "--out", str(disk / "out")),
    ):
        code, out, err = finished(disk, *arguments)
        trial.tried += 1
        wrong = complaint(code, err, WORDS)
        trial.expect(not wrong, f"{arguments[0]} with {left} bytes left: {wrong}")
        if "grade" in arguments:
            trial.expect("passed" in out, f"{arguments[0]} with {left} bytes left shows no verdict")
    trial.expect(answer.read_text("utf-8") == second, "the answer")
    (disk / "hog").unlink()
    store = Store.open(disk / "progress.db")
    kept = [one.answer for one in store.attempts("tiny-pod")]
    trial.expect(bool(kept) and "first" in kept[0], "the attempt that was stored before")
    trial.expect(store.check() == [], "the database is damaged")
    store.close()


def read_only_home(home: Path, count: int, seed: int) -> Trial:
    """Every command in a home folder that can't be written."""
    del count, seed
    trial = Trial("read-only home", unit="runs")
    place = home / "home"
    try:
        with small_disk(place, 1024):
            answer = place / "answers" / "tiny-pod" / "pod.yaml"
            answer.parent.mkdir(parents=True)
            answer.write_text(POD.format(mark="first"), encoding="utf-8")
            subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)  # noqa: S607
            _in_a_read_only_home(trial, place, answer)
    except (OSError, subprocess.CalledProcessError) as error:
        if os.getuid() == 0:  # root ignores permissions
            trial.skipped = f"no small disk can be mounted ({error})"
            return trial
        answer = place / "answers" / "tiny-pod" / "pod.yaml"
        answer.parent.mkdir(parents=True, exist_ok=True)
        answer.write_text(POD.format(mark="first"), encoding="utf-8")
        for folder in (answer.parent, answer.parent.parent, place):
            folder.chmod(0o555)
        try:
            _in_a_read_only_home(trial, place, answer)
        finally:
            for folder in (place, answer.parent.parent, answer.parent):
                folder.chmod(0o755)
    return trial


def _in_a_read_only_home(trial: Trial, place: Path, answer: Path) -> None:
    for arguments in (
        ("grade", str(answer)),
        ("grade", "--record", str(answer)),
        ("--json", "grade", "--card", "tiny-pod"),
        ("list",),
        ("show", "tiny-pod"),
        ("start", "tiny-space"),
        ("progress",),
        ("hint", "tiny-pod"),
        ("solution", "tiny-pod"),
        ("doctor",),
        ("batch", str(place / "answers"), "--card", "tiny-pod", "--out", str(place / "out")),
    ):
        code, out, err = finished(place, *arguments)
        trial.tried += 1
        wrong = complaint(code, err, (*WORDS, 3))
        trial.expect(not wrong, f"{' '.join(arguments[:2])}: {wrong}")
        if "grade" in arguments:
            trial.expect("passed" in out, f"{' '.join(arguments[:2])} shows no verdict")
