"""Access logs of a web server in the combined format, one request on each line.

The form is that of https://nginx.org/en/docs/http/ngx_http_log_module.html (`combined`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec

START = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
"""When every log begins, as those of `audit`."""


_STATUSES = (200, 200, 200, 304, 404)


class Hit(msgspec.Struct, frozen=True):
    """One request: when (seconds after the start), from where, what, and the status."""

    at: float
    address: str
    request: str
    """Method and path: `GET /cart?id=7`."""
    status: int = 200
    agent: str = "Mozilla/5.0 (X11; Linux x86_64)"
    referrer: str = "-"


def log(seed: str, hits: Iterable[Hit]) -> str:
    """The log of these requests, in the order of time."""
    rng = Random(f"access {seed}")  # noqa: S311 - made to be repeatable
    lines = []
    for one in sorted(hits, key=lambda one: one.at):
        moment = START + timedelta(seconds=int(one.at))
        head = f"{one.address} - - [{moment:%d/%b/%Y:%H:%M:%S +0000}]"
        answered = f'"{one.request} HTTP/1.1" {one.status} {rng.randrange(120, 9000)}'
        lines.append(f'{head} {answered} "{one.referrer}" "{one.agent}"\n')
    return "".join(lines)


def everyday(seed: str, count: int, seconds: int) -> list[Hit]:
    """What visitors of a shop request, within so many seconds."""
    rng = Random(f"visitors {seed}")  # noqa: S311 - made to be repeatable
    visitors = [f"203.0.113.{rng.randrange(1, 255)}" for _ in range(40)]
    pages = (
        "GET /",
        "GET /cart",
        "GET /products?page=2",
        "GET /static/app.js",
        "GET /help",
        "GET /files/help.pdf",
        "POST /cart",
        "POST /login",
    )
    return [
        Hit(
            rng.uniform(0, seconds),
            rng.choice(visitors),
            rng.choice(pages),
            rng.choice(_STATUSES),
        )
        for _ in range(count)
    ]
