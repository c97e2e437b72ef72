"""Rows of a batch -> one HTML page about the class. It opens offline, and nothing in it runs.

First what the instructor has to do, then what failed most, then who needs help, then everything. Values go
through one door: the environment cleans them of acting characters and escapes them. The page forbids scripts
and whatever it would load, by a Content Security Policy (W3C, level 3).
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from trainer.report.gathered import Gathered
from trainer.report.statistics import FEWEST
from trainer.safe_text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainer.report.gathered import CardResults, Item
    from trainer.report.rows import Write

MOST_WORST, MOST_WEAKEST = 6, 8
"""How many checks and learners are shown first."""
ENOUGH = 67
"""Percent: the exam's pass mark."""
OPEN_CARDS = 3
"""Up to this many cards are shown open."""


@contextmanager
def writer(stream: IO[str]) -> Iterator[Write]:
    """Gather the rows, and write the page when all are there."""
    gathered = Gathered()
    yield gathered.add
    for part in page(gathered):
        stream.write(part)


def page(gathered: Gathered) -> Iterator[str]:
    """The page in parts: it never is in memory as a whole."""
    gathered.judge_checks()
    style, style_hash = _style()
    stream = (
        _environment()
        .get_template("page.html.jinja")
        .stream(
            course=gathered,
            cards=gathered.cards,
            count=_counts(gathered),
            by_hand=list(gathered.with_status("error")),
            absent=_absent(gathered),
            worst=_worst(gathered),
            weakest=_weakest(gathered),
            most_weakest=MOST_WEAKEST,
            enough=ENOUGH,
            fewest=FEWEST,
            open_cards=OPEN_CARDS,
            style=Markup(style),  # noqa: S704 - the package's own file
            style_hash=style_hash,
        )
    )
    stream.enable_buffering(200)
    return stream


def _counts(gathered: Gathered) -> dict[str, int]:
    results = [result for card in gathered.cards for result in card.results.values()]
    counts = Counter(result.status for result in results)
    return {
        "rows": len(results),
        "passed": sum(result.passed for result in results),
        "late": sum(result.late for result in results),
        **{status: counts[status] for status in ("missing", "unreadable", "error")},
    }


def _worst(gathered: Gathered) -> list[tuple[CardResults, Item]]:
    """The checks that fail most: causes, not the checks that are skipped because of them."""
    failing = [(card, item) for card in gathered.cards for item in card.items if item.failed]
    return sorted(failing, key=lambda pair: -pair[1].failed / pair[1].judged)[:MOST_WORST]


def _absent(gathered: Gathered) -> list[tuple[int, list[str]]]:
    """Learners, by their number, with the cards for which there is no answer, or none that can be read."""
    found: dict[int, list[str]] = {}
    for number, card, result in gathered.with_status("missing", "unreadable"):
        word = " (unreadable)" if result.status == "unreadable" else ""
        found.setdefault(number, []).append(f"{card.id}{word}")
    return list(found.items())


def _weakest(gathered: Gathered) -> list[int]:
    """The learners, by their number, who don't have enough points; those with the fewest first."""
    below = [number for number, _ in enumerate(gathered.learners) if gathered.percent(number) < ENOUGH]
    return sorted(below, key=lambda number: gathered.points[number])


@lru_cache(maxsize=1)
def _style() -> tuple[str, str]:
    """The style sheet, and its hash as a Content Security Policy names it."""
    loader = _environment().loader
    assert loader is not None  # noqa: S101 - it was made with one
    style = loader.get_source(_environment(), "page.css")[0]
    return style, base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("trainer", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"points": lambda points: f"{points:g}", "separates": _separates, "short": _short}
    return environment


def _cleaned(value: Any) -> Any:
    """Every value on its way into the page."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _short(text: str, limit: int) -> str:
    return one_line(text, limit)


def _separates(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"
