"""The handout of a lab as Markdown: the tasks as they are shown to learners, and how to work and submit.

It has what `show` has: the task, what is given, what counts. Nothing of it says how a check decides, nor how
a card is solved; hints stay in the app.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trainer.content.card import Card
from trainer.content.material import sections
from trainer.lab.folder import ANSWERS, HANDOUTS, SETTINGS, Lab
from trainer.patterns import regex
from trainer.report.markdown import code, escaped

_TICKS = regex("`{3,}")
_HEADING = regex("(?m)^#{1,4} ")


def class_handout(lab: Lab, cards: Sequence[Card]) -> str:
    """The handout of the whole class. Of cards that vary, it names only what is the same for all."""
    own = varying(lab, cards)
    lines = [*_head(lab, cards), "", "## How you work", "", *_work("<your folder>", lab)]
    if own:
        names = ", ".join(code(card.id) for card in own)
        lines += [
            "",
            f"Names, ports and addresses are your own in {names}: the tasks are in your own handout,",
        ]
        lines += [f"{code(f'{HANDOUTS}/<your folder>.html')}."]
    if any(one.name != one.folder for one in lab.learners):
        lines += ["", "| Name | Folder |", "|---|---|"]
        lines += [f"| {escaped(one.name)} | {escaped(one.folder)} |" for one in lab.learners]
    for number, card in enumerate(cards, 1):
        lines += ["", *(_title(number, card) if card in own else _card(number, card))]
    return "\n".join(lines) + "\n"


def own_handout(lab: Lab, folder: str, name: str, cards: Sequence[Card]) -> str:
    """The handout of one learner; the cards are in the learner's wording."""
    lines = [*_head(lab, cards, name), "", "## How you work", "", *_work(folder, lab)]
    for number, card in enumerate(cards, 1):
        lines += ["", *_card(number, card)]
    return "\n".join(lines) + "\n"


def varying(lab: Lab, cards: Sequence[Card]) -> list[Card]:
    """The cards that aren't the same for all learners."""
    return [card for card in cards if card.vary and lab.seed is None]


def _head(lab: Lab, cards: Sequence[Card], name: str = "") -> Iterator[str]:
    yield f"# {escaped(lab.title)}"
    yield ""
    whose = f"For **{escaped(name)}**. " if name else ""
    minutes, points = sum(card.minutes for card in cards), sum(card.points for card in cards)
    many = f"{len(cards)} card{'s' if len(cards) > 1 else ''}"
    yield f"{whose}{many}, {minutes} minutes at exam pace, {points} points."
    yield from ("", "| | Card | Minutes | Points |", "|---|---|---|---|")
    for number, card in enumerate(cards, 1):
        yield f"| {number} | {escaped(card.title)} | {card.minutes} | {card.points} |"


def _work(folder: str, lab: Lab) -> Iterator[str]:
    example = lab.cards[0]
    config = f"cks-trainer --config {SETTINGS}/{folder}.toml"
    place = code(f"{ANSWERS}/{folder}/")
    yield f"- Your answers go to {place}: it has a folder for each card, with the starter files."
    yield f"- In the folder of the lab, {code(config)} opens the app: every save is graded."
    yield f"- With another editor: {code(f'{config} grade --card {example}')} grades what you saved."
    yield "- What a card gives is in its folder `given`. It isn't a part of the answer, and it isn't graded."
    yield "- To submit, save: what is in your folder at the end counts."


def _title(number: int, card: Card) -> Iterator[str]:
    yield f"## {number}. {escaped(card.title)}"
    yield ""
    points = f"{card.points} point{'s' if card.points != 1 else ''}"
    yield f"{code(card.id)} · {card.minutes} minutes · {points} · Kubernetes {card.kubernetes}"


def _card(number: int, card: Card) -> Iterator[str]:
    yield from _title(number, card)
    yield from ("", _HEADING.sub("#### ", card.prompt.strip()))
    files = ", ".join(code(f"{card.id}/{name}") for name in card.files)
    yield from ("", f"**Submit:** {files}")
    yield from ("", "### What counts", "", "| Points | Check |", "|---|---|")
    yield from (f"| {check.points} | {escaped(check.says)} |" for check in card.checks)
    for name, text in card.start.items():
        yield from ("", f"### Starter: {code(name)}", *_block(text, name))
    for given in sections(card):
        yield from ("", f"### {escaped(given.title)}")
        yield from _block(given.text, "yaml" if given.title == "Given" else given.title)
        if given.note:
            yield from ("", escaped(given.note))
    if card.limits:
        yield from ("", f"**Not covered:** {escaped(card.limits)}")
    if card.docs:
        yield from ("", "### Documentation", "", *(f"- <{address}>" for address in card.docs))
    if card.attribution:
        source = card.attribution
        based = f"{source.title}, {source.address}, {source.licence}; {source.changed}"
        yield from ("", f"Based on: {escaped(based)}")


def _block(text: str, name: str) -> Iterator[str]:
    """A text as it is, in a fence that nothing in it closes."""
    if not text.strip():
        return
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    yield from ("", f"{fence}{'yaml' if name.endswith(('yaml', 'yml')) else ''}", text.strip("\n"), fence)
