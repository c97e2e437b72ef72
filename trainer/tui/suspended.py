"""The learner's own editor on the app's terminal: the app makes room for it, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainer.session.editor import Edited, run_editor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import App


def run_suspended(app: App[Any], command: Sequence[str], files: Sequence[Path]) -> Edited:
    """Run the editor with the app suspended.

    Suspending resumes without `finally`, so every error must be caught inside it; `run_editor` does.
    """
    from textual.app import SuspendNotSupported

    try:
        with app.suspend():
            return run_editor(command, files)
    except SuspendNotSupported:
        return Edited("not-started", "This terminal cannot run another editor; using the built-in editor.")
