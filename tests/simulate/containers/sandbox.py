"""A small container for tests of the shell and of the tools: `/tmp` is empty, `/bin` has the usual programs."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

from trainer.simulate.containers.commands import Machine
from trainer.simulate.shell.filesystem import File, Files
from trainer.simulate.shell.process import Ran
from trainer.simulate.shell.programs import TOOLS


def container(user: int = 0, refusal: str = "") -> Machine:
    programs = [*(f"/bin/{tool}" for tool in TOOLS), "/bin/bash", "/bin/dash"]
    files = Files(
        programs,
        lambda _: refusal,
        {"/bin": "/usr/bin"},
        {"/bin/sh": "/bin/dash"},
        lacks=["/bin/none", "/nowhere"],
    )
    files.put("/tmp/a", File("/tmp/a", 0o644, content="one\ntwo\n"))
    files.make_folder("/tmp/d")
    files.put("/tmp/d/x", File("/tmp/d/x", 0o600, content=""))
    return Machine(files, deadline=10, folder="/tmp", user=user)


def ran(text: str, shell: str = "sh", user: int = 0, refusal: str = "") -> Ran:
    """How a script ends in such a container."""
    return container(user, refusal).execute((shell, "-c", text))


def left(text: str) -> dict[str, str | None]:
    """The files in /tmp after a script, with what is in them; a link has its target after `->`."""
    machine = container()
    machine.execute(("sh", "-c", text))
    found = {}
    for path in sorted(machine.files.tree("/tmp")):
        file = machine.files.known.get(path)
        name = path.removeprefix("/tmp/")
        found[name] = "folder" if file is None else f"-> {file.link}" if file.link else file.content
    return found
