"""`ask routes`: which Service answers a URL?"""

from __future__ import annotations

from collections.abc import Sequence

from trainer.ask import Absent, Reply
from trainer.manifests.model import Manifest
from trainer.simulate.network.routes import RouteTable
from trainer.verdict import Reason


def ask_routes(manifests: Sequence[Manifest], urls: Sequence[str], ingress_class: str | None) -> Reply:
    """What happens to requests to URLs; without URLs, the table of all routes."""
    table = RouteTable(manifests, ingress_class)
    refused = tuple(
        Reason(f"{one.ingress.title} has no routes: {one.message}", one.location) for one in table.refused
    )
    if not table.ingresses and not refused:
        raise Absent("the files contain no Ingress")
    if not urls:
        rows = [("host", "path", "type", "reaches", "line")]
        rows += [
            (route.host or "*", route.path, route.path_type, route.backend, str(route.location))
            for route in table.routes
        ]
        routes = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        answer = f"{len(table.routes)} routes"
        return Reply("all routes", answer, refused, rows=tuple(rows), data={"routes": routes})
    answers = [(url, table.ask(url)) for url in urls]
    reasons = refused + tuple(
        Reason(f"{url} {found.text}", found.route.location if found.route else None) for url, found in answers
    )
    data = [
        {
            "url": url,
            "service": found.route.backend if found.route and not (found.redirect or found.sent_to) else "",
            "redirect": found.redirect,
            "sent_to": found.sent_to,
            "only": found.only,
            "secret": found.secret,
        }
        for url, found in answers
    ]
    texts = list(dict.fromkeys(found.text for _, found in answers))
    answer = texts[0] if len(texts) == 1 else f"{len(texts)} different answers"
    return Reply(", ".join(urls), answer, reasons, data={"requests": data})
