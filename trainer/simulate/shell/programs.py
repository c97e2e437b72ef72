"""The programs that every image of a usual distribution has, by name."""

from __future__ import annotations

from collections.abc import Callable

from trainer.simulate.shell.process import Call, Host, Ran
from trainer.simulate.shell.tools import (
    changing,
    checksums,
    conditions,
    filters,
    finding,
    matching,
    modes,
    pasting,
    reading,
    running,
)


def _awk(host: Host, call: Call) -> Ran:
    from trainer.simulate.shell.tools.awk.command import awk  # only some scripts need it

    return awk(host, call)


def _sed(host: Host, call: Call) -> Ran:
    from trainer.simulate.shell.tools.sed.command import sed  # only some scripts need it

    return sed(host, call)


TOOLS: dict[str, Callable[[Host, Call], Ran]] = {
    **dict.fromkeys(filters.NAMES, filters.filtered),
    **dict.fromkeys(pasting.NAMES, pasting.pasted),
    **dict.fromkeys(("md5sum", "sha1sum", "sha256sum", "sha512sum"), checksums.sums),
    **dict.fromkeys(("env", "nice", "nohup", "setsid", "timeout", "xargs"), running.run_other),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk),
    **dict.fromkeys(("egrep", "fgrep", "grep"), matching.grep),
    "cat": reading.cat,
    "tee": changing.tee,
    "[": conditions.check,
    "basename": reading.name_of,
    "chgrp": modes.change_owner,
    "chmod": modes.change_mode,
    "chown": modes.change_owner,
    "cp": changing.copy,
    "date": reading.who,
    "dirname": reading.name_of,
    "echo": lambda _host, call: reading.echo(call),
    "false": lambda _host, _call: Ran(1, "false always fails"),
    "find": finding.find,
    "hostname": reading.who,
    "id": reading.who,
    "kill": running.kill,
    "ln": changing.link,
    "ls": reading.list_files,
    "mount": running.mount,
    "mkdir": changing.make_folder,
    "mv": changing.move,
    "printenv": reading.who,
    "printf": lambda _host, call: reading.printf(call),
    "pwd": reading.who,
    "readlink": reading.name_of,
    "realpath": reading.name_of,
    "rm": changing.remove,
    "rmdir": changing.remove_folder,
    "sed": _sed,
    "shred": changing.shred,
    "sleep": running.sleep,
    "stat": reading.status,
    "sync": lambda _host, _call: Ran(0),
    "test": conditions.check,
    "touch": changing.touch,
    "true": lambda _host, _call: Ran(0),
    "dd": changing.overwrite,
    "truncate": changing.truncate,
    "uname": reading.who,
    "umount": running.mount,
    "unlink": changing.remove,
    "which": finding.which,
    "whoami": reading.who,
}
