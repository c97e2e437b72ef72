"""Screens and widgets that are closed at any moment: what comes too late for them does nothing.

Keys that arrive in one read are handled before a screen that the first of them opens is composed. The next
key may close it again: Textual then mounts it without children. A callback, a worker or a message that is on
its way can also come after its children are gone. Whoever looks up a child then finds none.
"""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ScreenStackError
from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.screen import Screen
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.dom import DOMNode
    from textual.message import Message

_NOT_THERE = (NoMatches, NoScreen, ScreenStackError)
"""What Textual raises for a child, a screen or a stack that isn't there."""


def is_gone(node: DOMNode) -> bool:
    """Whether a node is closed: its screen left the stack, or it is being removed. It never comes back."""
    if not node.is_attached:
        return True
    nodes = [one for one in node.ancestors_with_self if isinstance(one, Widget)]
    if any(one._pruning or one._closing for one in nodes):
        return True
    return any(one not in node.app.screen_stack for one in nodes if isinstance(one, Screen))


async def while_there(node: DOMNode, act: Callable[[], Any]) -> Any:
    """Do something that needs the children of a node. If they are gone, nothing happens; the result is None.

    A child that is missing from a node that stays is our fault: the error is raised.
    """
    if is_gone(node):
        return None
    try:
        result = act()
        return await result if isawaitable(result) else result
    except _NOT_THERE:
        if not is_gone(node):
            raise
        return None


async def when_composed(node: DOMNode, act: Callable[[], Awaitable[bool]]) -> bool:
    """Run an action of a node as soon as its screen has all its children; False if it is closed before.

    Never call it from the handler that mounts the screen: it would wait for itself.
    """
    try:
        await node.screen._mounted_event.wait()
    except (NoScreen, ScreenStackError):
        return False
    return bool(await while_there(node, act))


class WhileThere:
    """For a screen or widget that looks up its children: messages, workers and callbacks end with them."""

    async def _dispatch_message(self: Any, message: Message) -> None:
        if isinstance(message, events.Mount) and is_gone(self):
            return  # it has no children, and nobody will see it
        try:
            await super()._dispatch_message(message)  # type: ignore[misc]
        except _NOT_THERE:
            if not is_gone(self):
                raise

    def run_worker(self: Any, work: Any, *rest: Any, thread: bool = False, **options: Any) -> Any:
        """Run a worker. A coroutine of `@work` ends without an error once the children are gone."""
        if thread or not callable(work):
            return super().run_worker(work, *rest, thread=thread, **options)  # type: ignore[misc]

        async def guarded() -> Any:
            return await while_there(self, work)

        return super().run_worker(guarded, *rest, **options)  # type: ignore[misc]

    def call_after_refresh(self: Any, callback: Any, *args: Any, **kwargs: Any) -> bool:
        """Call back after the next refresh, if this is still there; whatever screen is refreshed then."""

        async def guarded() -> None:
            await while_there(self, lambda: callback(*args, **kwargs))

        return bool(super().call_after_refresh(guarded))  # type: ignore[misc]


class ClosesItself(WhileThere):
    """For a screen: it closes only itself, and once; never what is above or below it."""

    _is_styled = False

    def _on_screen_resume(self: Any, event: events.ScreenResume) -> None:
        """Let Textual's handler, which comes next, style only a new screen itself: its widgets are styled.

        The screen was there before its stylesheet.
        """
        if self.is_attached and not self._is_styled:
            self._is_styled = True
            event.refresh_styles = False
            self.app.stylesheet.update_nodes([self])

    def dismiss(self: Any, result: Any = None) -> Any:
        """Close this screen; nothing happens if another one is on top, or if it is closed already."""
        if not self.is_active:
            return AwaitComplete()
        return super().dismiss(result)  # type: ignore[misc]
