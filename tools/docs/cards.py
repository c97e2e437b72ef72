"""The table of cards: `docs/cards.md`."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.curriculum import DOMAINS, DomainInfo
from trainer.content.locate import builtin_pack

_HEAD = ["| Card | Task | Trains | Level | Minutes | Points |", "|---|---|---|---|---|---|"]


def cards_page() -> str:
    """The built-in cards by domain, and the sources that some of them derive from. Markdown."""
    cards = load_catalogue(builtin_pack()).cards
    points = sum(card.points for card in cards)
    lines = [
        "# Cards",
        "",
        "Generated from the cards by `make docs`. Competencies are numbered within the curriculum's domains;",
        "minutes are at exam pace.",
        "",
        f"{len(cards)} cards, {points} points, {sum(card.minutes for card in cards)} minutes.",
    ]
    for domain in DOMAINS:
        lines += _domain(domain, [card for card in cards if card.domain == domain.id])
    lines += _derived(cards)
    return "\n".join(lines) + "\n"


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
