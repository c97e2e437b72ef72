"""Addresses of a card: open them in a browser, or copy them to the clipboard of the learner's terminal."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING, Any

from trainer.errors import TrainerError
from trainer.tui.tmux import in_tmux

if TYPE_CHECKING:
    from textual.app import App

    from trainer.session import Session

CLIPBOARD = "clipboard"
"""The name of the remembered choice: `off` if nothing may be copied."""


def open_link(app: App[Any], address: str) -> bool:
    """Open an address in a browser with windows of its own; False if none exists.

    A browser that runs in the terminal would draw over the app. If the app itself is in a browser, that one
    opens it.
    """
    if app.is_web:
        app.open_url(address)
        return True
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    in_terminal = type(browser) is webbrowser.GenericBrowser or not getattr(browser, "background", True)
    return not in_terminal and bool(browser.open_new_tab(address))


def may_copy(session: Session) -> bool:
    """Whether the learner lets the app write to the clipboard. Unreadable progress forbids nothing."""
    try:
        return session.store.choice(CLIPBOARD) != "off"
    except TrainerError:
        return True


def copy(app: App[Any], session: Session, text: str) -> str:
    """Copy a text with OSC 52, which also works over SSH, if the terminal allows it. Says what was done.

    Inside tmux, the text is in tmux's buffer, too.
    """
    if not may_copy(session):
        return f"Copying is off. Select it with the mouse: {text}"
    app.copy_to_clipboard(text)
    if in_tmux() and not app.is_web:
        return f"Copied {text} to tmux's buffer (prefix ] pastes it), and to the clipboard if tmux may set it"
    return f"Copied {text} (if your terminal supports OSC 52)"
