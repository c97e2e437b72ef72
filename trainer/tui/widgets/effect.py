"""What the answer does: the pictures of its checks, drawn after the verdict, if anybody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.errors import TrainerError, in_words
from trainer.picture import State
from trainer.tui.lifetime import WhileThere
from trainer.tui.text import CHECK_SIGNS, MUTED, indented, literal, one_line
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.lists import PlainList
from trainer.verdict import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from trainer.content.card import Card
    from trainer.picture import Effect, Picture
    from trainer.report.effect import Laid
    from trainer.session import Graded, Session
    from trainer.verdict import CheckResult, Location

STYLES = {State.RIGHT: "$text-success", State.WRONG: "bold $text-error", State.UNASKED: MUTED}
"""The style of a cell; its sign and word say the same without color."""

NOT_GRADED = "What the answer does is shown here when it's graded."
WORKING = "Drawing what the answer does …"
NOTHING = "No check that was judged can show what the answer does."


class EffectList(PlainList):
    """A heading for each check with a picture, and a row for each row of it."""

    DEFAULT_CSS = """
    EffectList { scrollbar-gutter: stable; }
    EffectList > .option-list--option-disabled { color: $foreground; }
    """

    class Chosen(Message):
        """A row with a wrong cell is highlighted, or `entered`: this place decides."""

        def __init__(self, location: Location, *, entered: bool) -> None:
            super().__init__()
            self.location = location
            self.entered = entered

    def __init__(self) -> None:
        super().__init__(id="effect-list")
        self._says = NOT_GRADED
        self._checks: dict[str, CheckResult] = {}
        self._effects: tuple[Effect, ...] = ()

    def say(self, text: str) -> None:
        """Show a sentence instead of pictures."""
        self._says, self._effects = text, ()
        self.rebuild()

    def show(self, effects: tuple[Effect, ...], checks: Sequence[CheckResult]) -> None:
        """Show pictures, those of failed checks first; the highlight goes to the first wrong row, unless its
        row is still wrong."""
        known = self.highlighted_option.id if self.highlighted_option else None
        self._says = NOTHING
        self._checks = {check.id: check for check in checks}
        failed = {check.id for check in checks if check.status is Status.FAIL}
        self._effects = tuple(sorted(effects, key=lambda one: one.check not in failed))
        wrong = next((row for row in self._rows_by_id() if self.location_of(row)), None)
        self.rebuild(keep=known if known and self.location_of(known) else wrong)

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        if not self._effects:
            return [Option(_joined(indented(literal(self._says, MUTED), width, 0)), disabled=True)]
        return [row for one in self._effects for row in self._of(one, width)]

    def _of(self, effect: Effect, width: int) -> Iterator[Option]:
        from trainer.report.effect import laid_out

        check, picture = self._checks.get(effect.check), effect.picture
        sign, _, style = CHECK_SIGNS[check.status] if check else ("", "", "")
        says = indented(one_line(check.says if check else effect.check, "bold"), width, 2)
        head = [Content.assemble((f"{sign} ", f"bold {style}"), says[0][2:]), *says[1:]]
        lines = [*head, *indented(one_line(picture.title, MUTED), width, 2)]
        yield Option(_joined(lines), id=effect.check, disabled=True)
        block = 0
        waiting: list[Laid] = []
        for laid in laid_out(picture, width - 2):
            if waiting and (laid.row != waiting[0].row or (laid.first and laid.row is not None)):
                yield _option(effect.check, block, waiting)
                waiting = []
            block += laid.row is None
            waiting.append(laid)
        if waiting:
            yield _option(effect.check, block, waiting)
        if picture.left_out:
            yield Option(_joined(indented(literal(picture.left_out, MUTED), width, 2)), disabled=True)

    def location_of(self, row: str | None) -> Location | None:
        """The place that decides the first wrong cell of a row; None if none is wrong."""
        check, _, rest = (row or "").partition(" ")
        place = rest.partition(" ")[2]
        for one in self._effects:
            if one.check == check and place.isdecimal():
                return _decider(one.picture, int(place))
        return None

    def _rows_by_id(self) -> Iterator[str]:
        for one in self._effects:
            yield from (f"{one.check} 1 {number}" for number in range(len(one.picture.rows)))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell the screen which place the row leads to."""
        event.stop()
        self._tell(event.option_id, entered=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click goes to the place."""
        event.stop()
        self._tell(event.option_id, entered=True)

    def _tell(self, row: str | None, *, entered: bool) -> None:
        location = self.location_of(row)
        if location is not None and location.line:
            self.post_message(self.Chosen(location, entered=entered))


class EffectPane(WhileThere, Vertical, Framed):
    """The pictures of the last verdict. They are drawn in a thread, and only while the pane is `wanted`."""

    class Drawn(Message):
        """The pictures of a verdict are there, or `trouble` says why not."""

        def __init__(self, number: int, graded: Graded, effects: tuple[Effect, ...], trouble: str) -> None:
            super().__init__()
            self.number, self.graded = number, graded
            self.effects, self.trouble = effects, trouble

    def __init__(self, session: Session, card: Card) -> None:
        super().__init__(id="effect", classes="frame")
        self._session, self._card = session, card
        self._graded: Graded | None = None
        self._number = 0
        self._is_drawn = False
        self.wanted = False
        """Whether somebody looks; otherwise a verdict is only kept."""

    def compose(self) -> ComposeResult:
        """Title and list."""
        self.put_title(Content("Effect"))
        yield EffectList()

    def show(self, graded: Graded | None) -> None:
        """Draw a verdict's answer if somebody looks, else when they do; None for not graded."""
        self._graded, self._is_drawn = graded, False
        self._number += 1
        if graded is None:
            self.query_one(EffectList).say(NOT_GRADED)
        elif self.wanted:
            self.draw()

    def want(self, wanted: bool) -> None:
        """Somebody looks now, or no longer."""
        self.wanted = wanted
        if wanted and self._graded is not None and not self._is_drawn:
            self.query_one(EffectList).say(WORKING)
            self.draw()

    def draw(self) -> None:
        """Draw in a thread; what a newer verdict has overtaken isn't shown."""
        graded, number = self._graded, self._number
        if graded is None:
            return

        def work() -> None:
            found: tuple[Effect, ...] = ()
            trouble = ""
            try:
                found = self._session.effects(self._card, graded)
            except TrainerError as error:
                trouble = str(error)
            except Exception as error:  # a defect of ours must not take the learner's screen away
                trouble = f"drawing failed unexpectedly: {in_words(error)}"
            self.post_message(self.Drawn(number, graded, found, trouble))

        self.run_worker(work, thread=True, exclusive=True, group="effect", exit_on_error=False)

    def on_effect_pane_drawn(self, event: Drawn) -> None:
        """Show what was drawn, unless a newer verdict is there."""
        event.stop()
        if event.number != self._number:
            return
        self._is_drawn = True
        if event.trouble:
            self.query_one(EffectList).say(event.trouble)
        else:
            self.query_one(EffectList).show(event.effects, event.graded.verdict.checks)


def _decider(picture: Picture, row: int) -> Location | None:
    cells = picture.rows[row].cells
    return next((one.location for one in cells if one.state is State.WRONG and one.location), None)


def _option(check: str, block: int, lines: Sequence[Laid]) -> Option:
    """A row of a picture (with the number of its block), or the heads of a block's columns."""
    made = []
    for line in lines:
        mark = ("✗ ", "bold $text-error") if line.wrong and line.first else "  "
        parts = [(text, STYLES[state]) if state else text for text, state in line.parts]
        made.append(Content.assemble(mark, *parts).rstrip())
    row = lines[0].row
    if row is None:
        return Option(_joined(made).stylize(MUTED), disabled=True)
    return Option(_joined(made), id=f"{check} {max(block, 1)} {row}")


def _joined(lines: Sequence[Content]) -> Content:
    return Content("\n").join(lines)
