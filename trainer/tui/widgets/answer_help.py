"""What helps with writing an answer: find, go to a line, completion, and what a field means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from trainer.errors import TrainerError
from trainer.tui import keystrokes
from trainer.tui.widgets.answer import AnswerView
from trainer.tui.widgets.completion import Completion
from trainer.tui.widgets.find_bar import FindBar

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.manifests.schema.complete import Proposal
    from trainer.tui.yaml_place import YamlPlace

ONLY_YAML = "Completion and explanations work in YAML only."


class HelpsWriting(Widget):
    """The part of the answer's pane with the lines below the text."""

    _card: Card

    @property
    def view(self) -> AnswerView:
        """The text."""
        return self.query_one(AnswerView)

    def say(self, message: str) -> None:
        """Tell the learner something."""
        raise NotImplementedError

    def action_find(self) -> None:
        """Find words in the text."""
        self.query_one(FindBar).ask("words")

    def action_find_next(self) -> None:
        """Go to the next place of what was found."""
        self.query_one(FindBar).step(1)

    def action_find_previous(self) -> None:
        """Go to the previous place of what was found."""
        self.query_one(FindBar).step(-1)

    def action_go_to_line(self) -> None:
        """Go to a line by its number."""
        self.query_one(FindBar).ask("line")

    def action_explain(self) -> None:
        """Show what the field at the cursor means."""
        from trainer.ask.explain import explain_in
        from trainer.tui.screens.explain import ExplainScreen

        view = self.view
        if view.kind != "yaml":
            self.say(ONLY_YAML)
            return
        place = self._place()
        line = view.document.get_line(view.cursor_location[0])
        name = _key_of(line) if place.key is None else None
        path = (*place.path, name) if name else place.path
        try:
            shown = explain_in(place.api_version, place.kind, path, self._card.kubernetes)
        except TrainerError as error:
            self.say(str(error))
        else:
            self.app.push_screen(ExplainScreen(shown))

    # -- completion

    def action_complete(self) -> None:
        """Offer the words that fit at the cursor."""
        if not self.offer_words():
            self.say("Nothing to propose here." if self.view.kind == "yaml" else ONLY_YAML)

    def offer_words(self) -> bool:
        """Offer the words that fit, or insert the only one. Returns whether there is any."""
        words = self._words()
        if len(words) == 1 and self._begun():
            self._insert(words[0])
        else:
            self.query_one(Completion).offer(words)
            self.call_after_refresh(self.view.scroll_cursor_visible, animate=False)
        return bool(words)

    def offer_again(self) -> None:
        """After a change of the text: what still fits, if words were offered."""
        listed = self.query_one(Completion)
        if listed.is_open:
            words = self._words() if self._begun() else ()
            listed.offer(() if [one.word for one in words] == [self._begun()] else words)

    def stop_offering(self) -> None:
        """Close the list of words."""
        self.query_one(Completion).offer(())

    def takes_key(self, name: str) -> bool:
        """Whether a key of the editor was for the list of words."""
        listed = self.query_one(Completion)
        answer = listed.key(name)
        if answer == "taken":
            self._insert(listed.chosen)
        elif answer == "other" and name in ("left", "right", "home", "end", "ctrl+s"):
            listed.offer(())
        return answer != "other"

    def _place(self) -> YamlPlace:
        from trainer.tui.yaml_place import place_at

        return place_at(self.view.document.lines, *self.view.cursor_location)

    def _words(self) -> list[Proposal]:
        from trainer.manifests.schema.complete import proposals

        view = self.view
        row, column = view.cursor_location
        place = self._place() if view.kind == "yaml" and view.editing else None
        if place is None or not view.selection.is_empty or column < place.start:
            return []
        if keystrokes.in_block_scalar(view.document.lines, row):
            return []
        begun = view.document.get_line(row)[place.start : column]
        return proposals(
            place.api_version, place.kind, place.path, place.key, begun, place.taken, self._card.kubernetes
        )

    def _begun(self) -> str:
        """The part of the word that is before the cursor."""
        row, column = self.view.cursor_location
        return self.view.document.get_line(row)[self._place().start : column]

    def _insert(self, word: Proposal) -> None:
        view = self.view
        row, column = view.cursor_location
        place = self._place()
        line = view.document.get_line(row)
        rest = line[column:]
        tail = rest[
            : len(rest) - len(rest.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
        ]
        blanks = " " * (place.start + keystrokes.STEP)
        after = {"value": "", "scalar": ": ", "object": f":\n{blanks}", "list": f":\n{blanks}- "}[word.shape]
        if rest[len(tail) :].strip():
            after = ""  # the line goes on: only the word is replaced
        text = word.word + after
        *before, last = text.split("\n")
        end = (row + len(before), len(last) + (0 if before else place.start))
        change = keystrokes.Change((row, place.start), (row, column + len(tail)), text, (end, end))
        self.stop_offering()
        view.change(change)


def _key_of(line: str) -> str | None:
    from trainer.tui.yaml_place import key_of

    return key_of(keystrokes.dashes_of(line)[1])[0]
