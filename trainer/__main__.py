"""The command `cks-trainer`: no arguments open the app, else the command line.

`--version` and completion are answered before anything heavy is imported.
"""

from __future__ import annotations

import gc
import sys

from trainer import __version__

VERSION = (
    f"cks-trainer {__version__}\nIndependent practice trainer; not endorsed by The Linux Foundation or CNCF."
)
"""What `--version` prints."""


def main(arguments: list[str] | None = None) -> int:
    """Run the program. Returns the exit code; `cli.streams.ExitCode` has what each means.

    Without `arguments` it is the program itself: it takes those of the process and ends it.
    """
    from trainer.cli import streams

    if arguments is None:
        # A short run makes many objects and no garbage; collecting and tearing down would take a fifth.
        gc.set_threshold(50_000, 20, 20)
        streams.leave(_run(sys.argv[1:]))
    return _run(arguments)


def _run(arguments: list[str]) -> int:
    from trainer.cli import streams

    if arguments in (["--version"], ["-V"]):
        return streams.guarded(lambda: streams.out(VERSION))
    if arguments[:1] == ["__complete"]:
        from trainer.cli.completion import complete

        return streams.guarded(lambda: streams.out_lines(complete(arguments[1:])))
    from trainer.cli.app import run

    return streams.guarded(lambda: run(arguments), json="--json" in arguments)


if __name__ == "__main__":
    sys.exit(main())
