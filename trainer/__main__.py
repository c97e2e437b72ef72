"""The command `cks-trainer`: no arguments open the app, else the command line.

`--version` and completion are answered before anything heavy is imported.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trainer.cli import streams
from trainer.garbage import look_rarely, pause

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.lab.watching import Watcher
    from trainer.session import Session


def main(arguments: list[str] | None = None) -> int:
    """Run the program. Returns the exit code; `cli.exit_codes.ExitCode` has what each means.

    Without `arguments` it is the program itself: it takes those of the process and ends it.
    """
    if arguments is None:
        look_rarely()
        streams.leave(_run(sys.argv[1:]))
    return _run(arguments)


def _run(arguments: list[str]) -> int:
    return streams.guarded(lambda: _answer(arguments), json="--json" in arguments)


def _answer(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        from trainer.cli.about import VERSION

        streams.out_text(VERSION)
        return 0
    from trainer.startup import import_quickly

    if arguments[:1] == ["__complete"]:
        import_quickly("pathlib")
        from trainer.cli.completion import complete

        streams.out_lines(complete(arguments[1:]))
        return 0
    import_quickly("pathlib", "click", "msgspec")
    from trainer.cli.app import run

    return run(arguments, _open_app, _open_board)


def _open_app(session: Session, card: str | None) -> None:
    pause()  # until the app is ready
    from trainer.startup import import_quickly

    import_quickly("textual")
    from trainer.cli.exit_codes import ExitCode
    from trainer.tui.app import run

    ended_well = run(session, card)
    if not ended_well:
        streams.say("the app ended because of an unexpected error, which isn't your fault; please report it")
    sys.exit(
        ExitCode.PASSED if ended_well else ExitCode.INTERNAL
    )  # not `streams.leave`: a grading may be on its way to the store


def _open_board(watcher: Watcher, html: Path | None, every: int) -> None:
    from trainer.startup import import_quickly

    import_quickly("textual")
    from trainer.cli.exit_codes import ExitCode
    from trainer.tui.board import run

    if not run(watcher, html, every):
        sys.exit(ExitCode.INTERNAL)


if __name__ == "__main__":
    sys.exit(main())
