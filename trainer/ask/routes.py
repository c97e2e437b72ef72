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
    if not table.ingresses:
        raise Absent("the files contain no Ingress")
    if not urls:
        rows = [("host", "path", "type", "reaches", "line")]
        rows += [
            (route.host or "*", route.path, route.path_type, route.backend, str(route.location))
            for route in table.routes
        ]
        routes = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        return Reply("all routes", f"{len(table.routes)} routes", rows=tuple(rows), data={"routes": routes})
    answers = [(url, table.ask(url)) for url in urls]
    reasons = tuple(
        Reason(f"{url} {found.text}", found.route.location if found.route else None) for url, found in answers
    )
    data = [
        {
            "url": url,
            "service": found.route.backend if found.route and not found.redirect else "",
            "redirect": found.redirect,
            "secret": found.secret,
        }
        for url, found in answers
    ]
    return Reply(", ".join(urls), answers[0][1].text, reasons, data={"requests": data})
