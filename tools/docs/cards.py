"""The table of cards: `docs/cards.md`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.curriculum import DOMAINS, DomainInfo, trained_less
from trainer.content.locate import builtin_pack

_HEAD = ["| Card | Task | Trains | Level | Minutes | Points |", "|---|---|---|---|---|---|"]


@cache
def built_in() -> tuple[Card, ...]:
    """The cards that ship with the program."""
    return load_catalogue(builtin_pack()).cards


def cards_page() -> str:
    """The built-in cards by domain, and the sources that some of them derive from. Markdown."""
    cards = built_in()
    lines = [
        "# Cards",
        "",
        "Generated from the cards by `make docs`. Competencies are numbered within the curriculum's domains;",
        "minutes are at exam pace.",
        "",
        *coverage(cards),
        "",
        f"{sum(bool(card.vary) for card in cards)} of them have variants: `cks-trainer start CARD --seed N`.",
    ]
    for domain in DOMAINS:
        lines += _domain(domain, [card for card in cards if card.domain == domain.id])
    lines += _derived(cards)
    return "\n".join(lines) + "\n"


def coverage(cards: Sequence[Card]) -> Iterator[str]:
    """How much of the exam the cards train: a sentence, and a table of the domains. Markdown."""
    every = sum(len(domain.competencies) for domain in DOMAINS)
    levels = Counter(card.difficulty for card in cards)
    shares = ", ".join(f"{levels[level]} {level}" for level in ("easy", "medium", "hard"))
    trained, twice = every - len(_without(cards, 1)), every - len(_without(cards, 2))
    competencies = f"{trained} of {every} competencies, {twice} with two cards or more"
    yield f"{len(cards)} cards ({shares}) train {competencies}:"
    yield from ("", "| Domain | Exam | Cards | Share | Minutes | Points |", "|---|---|---|---|---|---|")
    for domain in DOMAINS:
        part = [card for card in cards if card.domain == domain.id]
        yield _row(domain.title, f"{domain.weight} %", part, cards)
    yield _row("Total", "100 %", cards, cards)


def _without(cards: Sequence[Card], number: int) -> list[str]:
    return trained_less((card.competency for card in cards), number)


def _row(title: str, weight: str, part: Sequence[Card], cards: Sequence[Card]) -> str:
    share = f"{round(100 * len(part) / len(cards))} %"
    minutes, points = sum(card.minutes for card in part), sum(card.points for card in part)
    return f"| {title} | {weight} | {len(part)} | {share} | {minutes} | {points} |"


def _domain(domain: DomainInfo, cards: list[Card]) -> Iterator[str]:
    yield from ("", f"## {domain.title} ({domain.weight} % of the exam)", "")
    trained = {card.competency for card in cards}
    for competency, words in domain.competencies.items():
        yield f"- {competency}: {words}{'' if competency in trained else ' (no card yet)'}"
    if not cards:
        return
    yield from ("", *_HEAD)
    for card in cards:
        title = _cell(card.title) + (" ¹" if card.attribution else "")
        cells = (f"`{card.id}`", title, card.competency, card.difficulty, card.minutes, card.points)
        yield f"| {' | '.join(map(str, cells))} |"


def _derived(cards: tuple[Card, ...]) -> Iterator[str]:
    derived = [(card, card.attribution) for card in cards if card.attribution is not None]
    if not derived:
        return
    yield from ("", "## Sources", "", "¹ These cards are based on the work of others, with changes.", "")
    yield from ("| Card | Work | License | Changes |", "|---|---|---|---|")
    for card, work in derived:
        link = f"[{_cell(work.title)}]({work.address})"
        yield f"| `{card.id}` | {link} | {_cell(work.licence)} | {_cell(work.changed)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
