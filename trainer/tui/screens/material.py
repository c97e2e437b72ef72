"""The part of a screen with a card that shows what exists before the answer, and the pages of the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual import work
from textual.screen import Screen

from trainer.tui import links
from trainer.tui.asking import AsksOnce
from trainer.tui.host import host_of

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.session import Session


class ShowsMaterial(AsksOnce, Screen[None]):
    """Keys for what the card's task names, in practice and in the exam."""

    def _material(self) -> tuple[Card, Session] | None:
        """The card, and the session that remembers whether copying is allowed; None without a card."""
        raise NotImplementedError

    def action_given(self) -> None:
        """Show the objects that exist before the answer, and the given files."""
        from trainer.tui.screens.given import GivenScreen

        shown = self._material()
        if shown is not None:
            self.app.push_screen(GivenScreen(shown[0]))

    @work
    async def action_open_link(self) -> None:
        """Open a page that is allowed in the exam; with several, the learner chooses."""
        await self._use_link("open")

    @work
    async def action_copy_link(self) -> None:
        """Copy the address of such a page."""
        await self._use_link("copy")

    def action_use_link(self, index: int) -> None:
        """Open the page that was clicked, by its position."""
        shown = self._material()
        if shown is not None:
            self._with_link("open", shown[0].docs[index], shown[1])

    async def _use_link(self, what: Literal["open", "copy"]) -> None:
        from trainer.tui.screens.links import LinksScreen

        shown = self._material()
        if shown is None:
            return
        card, session = shown
        if not card.docs:
            host_of(self.app).tell("This card names no pages.")
            return
        chosen = (what, card.docs[0])
        if len(card.docs) > 1:
            asked = await self.asked(LinksScreen(card.docs), otherwise=None)
            if asked is None:
                return
            chosen = asked
        self._with_link(*chosen, session)

    def _with_link(self, what: Literal["open", "copy"], address: str, session: Session) -> None:
        if what == "copy":
            host_of(self.app).tell(links.copy(self.app, session, address))
        elif not links.open_link(self.app, address):
            copied = links.copy(self.app, session, address)
            host_of(self.app).tell(f"No browser with a window of its own was found. {copied}", "warning")
