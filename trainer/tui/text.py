"""Words and shapes of the screens, and the only way for foreign text to reach them.

Whatever comes from a card, an answer, a verdict or a path goes through `literal`: control
characters are spelled out and nothing in it is read as markup. Textual interprets `[red]` and
`[@click=app.quit]` in almost every place that takes a string, so strings are never passed to it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from trainer.content.curriculum import DOMAINS
from trainer.safe_text import clean
from trainer.verdict import Problem, Status

MUTED = "$foreground 70%"
"""The style of secondary text. (`$text-muted` loses its alpha in `Content`: it is white.)"""

CardStatus = Literal["new", "started", "partial", "passed"]

CHECK_SIGNS: dict[Status, tuple[str, str, str]] = {
    Status.PASS: ("✓", "PASS", "$text-success"),
    Status.FAIL: ("✗", "FAIL", "$text-error"),
    Status.SKIPPED: ("-", "SKIP", MUTED),
    Status.ERROR: ("!", "ERROR", "$text-warning"),
}
"""For each status of a check: sign, word, color. Sign and word suffice without the color."""

CARD_SIGNS: dict[CardStatus, tuple[str, str, str]] = {
    "new": ("○", "new", MUTED),
    "started": ("◔", "started", "$text"),
    "partial": ("◐", "partial", "$text-warning"),
    "passed": ("✓", "passed", "$text-success"),
}
"""For each status of a card: sign, word, color."""


def literal(text: str, style: str = "") -> Content:
    """Show foreign text as it is written: control characters spelled out, nothing read as markup.

    >>> literal("[red]a\\x1b[2J").plain
    '[red]a\\x1b[2J'
    """
    return Content.styled(clean(text), style) if style else Content(clean(text))


def one_line(text: str, style: str = "") -> Content:
    """Foreign text on one line: every run of white space becomes one space."""
    return literal(" ".join(text.split()), style)


def columns(text: str, width: int) -> str:
    """Foreign text in exactly `width` terminal cells: padded, or cut with an ellipsis.

    >>> columns("pod-ro", 8), columns("immutable", 5)
    ('pod-ro  ', 'immu…')
    """
    line = " ".join(clean(text).split())
    if width <= 0:
        return ""
    if cell_len(line) <= width:
        return set_cell_size(line, width)
    return set_cell_size(line, width - 1) + "…"


def bar(fraction: float, width: int) -> str:
    """A progress bar of `width` cells; `fraction` is 0 to 1. Anything above 0 shows something.

    >>> bar(0.5, 4), bar(0.01, 4), bar(0, 4), bar(0.99, 4)
    ('━━──', '━───', '────', '━━━─')
    """
    filled = int(fraction * width + 0.5)
    if 0 < fraction < 1:
        filled = min(max(filled, 1), width - 1)
    filled = min(max(filled, 0), width)
    return "━" * filled + "─" * (width - filled)


def counted(number: int, word: str) -> str:
    """A number with its word: `1 card`, `6 cards`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def competency_text(competency: str) -> str:
    """The curriculum's words for a competency, without the text in brackets.

    >>> competency_text("RT4"), competency_text("XX9")
    ('Ensure immutability of containers at runtime', '')
    """
    words = next((d.competencies[competency] for d in DOMAINS if competency in d.competencies), "")
    return words.partition(" (")[0]


def clock_text(seconds: float) -> str:
    """A duration in seconds as `mm:ss`, from an hour on as `h:mm:ss`.

    >>> clock_text(151), clock_text(3725)
    ('02:31', '1:02:05')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def local_now() -> datetime:
    """The local time, with its zone."""
    return datetime.now().astimezone()


def ago(at: float, now: datetime) -> str:
    """How long ago something was, in words: `just now`, `5 minutes ago`, `yesterday`, a date.

    `at` is in seconds since 1970; days are those of `now`'s zone.
    """
    then = datetime.fromtimestamp(at, now.tzinfo)
    seconds = (now - then).total_seconds()
    days = (now.date() - then.date()).days
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{counted(int(seconds // 60), 'minute')} ago"
    if days <= 0 or seconds < 6 * 3600:
        return f"{counted(int(seconds // 3600), 'hour')} ago"
    if days == 1:
        return "yesterday"
    if days < 14:
        return f"{days} days ago"
    return then.strftime("%Y-%m-%d")


def problem_text(problem: Problem) -> str:
    """What is wrong with a card, and where in its file."""
    place = f"{problem.location}: " if problem.location else ""
    return f"{place}{problem.message}"


def indented(content: Content, width: int, by: int) -> list[Content]:
    """Wrap to `width` cells, every line indented by `by` spaces."""
    room = max(width - by, 8)
    return [line.rstrip().pad_left(by) for line in content.wrap(room)]
