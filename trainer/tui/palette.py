"""The command palette: every command of the screen and the app, and every card, by name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Provider

from trainer.tui.commands import HOMES, commands_of
from trainer.tui.host import host_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.synonyms import synonyms_of
from trainer.tui.text import one_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from textual.command import Hits
    from textual.dom import DOMNode

    from trainer.tui.commands import Command, Place


IN_NAME, IN_SYNONYMS = 100.0, 50.0
"""What is added to the score of a command whose words, or synonyms, begin with what is typed."""


def _begin(words: list[str], text: str) -> bool:
    """Whether each of the words begins a word of a text."""
    others = text.casefold().replace(":", " ").replace(",", " ").split()
    return bool(words) and all(any(other.startswith(word) for other in others) for word in words)


class Palette(ClosesItself, CommandPalette):
    """Textual's palette; a key that arrives before its list is laid out does nothing."""

    def _action_command_list(self, action: str) -> None:
        found = self.query(CommandList)
        if found and (found.first().scrollable_content_region.area or not action.startswith("page_")):
            super()._action_command_list(action)


class Commands(Provider):
    """Offers the table of commands, and the cards of the catalog.

    A card's title comes from a pack: it is shown as `Content`, not through the matcher's own
    highlighting, which reads markup.
    """

    async def discover(self) -> Hits:
        """The commands, offered before anything is typed."""
        for name, run in self._commands():
            yield DiscoveryHit(one_line(name), run, text=name)

    async def search(self, query: str) -> Hits:
        """Commands and cards whose name matches.

        A card has to contain each word: among many titles, letters here and there match almost any query.
        """
        matcher = self.matcher(query)
        words = query.casefold().split()
        for command, (name, run) in self._offered():
            score = matcher.match(name)
            if _begin(words, command.palette):
                score += IN_NAME
            elif _begin(words, f"{command.palette} {synonyms_of(command)}"):
                score += IN_SYNONYMS
            if score > 0:
                yield Hit(score, one_line(name), run, text=name)
        for name, run in self._cards():
            if all(word in name.casefold() for word in words) and (score := matcher.match(name)) > 0:
                yield Hit(score, one_line(name), run, text=name)

    def _commands(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        return (entry for _, entry in self._offered())

    def _offered(self) -> Iterator[tuple[Command, tuple[str, Callable[[], Any]]]]:
        places: tuple[Place, ...] = getattr(self.screen, "PLACES", ())
        for command in commands_of(*places, "app"):
            target = self._home_of(command)
            name = command.action.partition("(")[0]
            if command.palette and target is not None and target.check_action(name, ()):
                run = partial(self.app.run_action, command.action, default_namespace=target)
                key = f"  ({command.key})" if command.key else ""
                yield command, (f"{command.palette}{key}", cast("Callable[[], Awaitable[Any]]", run))

    def _home_of(self, command: Command) -> DOMNode | None:
        """Whose action the command is; None if the screen hasn't got it."""
        if command.place == "app":
            return self.app
        selector = HOMES.get(command.place)
        return next(iter(self.screen.query(selector)), None) if selector else self.screen

    def _cards(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        host = host_of(self.app)
        for card in host.session.catalogue.cards:
            yield f"Card {card.id}: {card.title}", partial(host.open_card, card.id)
