"""The app in a browser, on this machine only: `textual-serve` with a door.

A browser shows every page of every site, and any of them may try to talk to a server on this machine. So a
visitor needs a key that only the printed link has, and the right Host and Origin; textual-serve by itself
lets everybody in. The key says whose answers and progress the app shows. The page is our own: it loads
nothing from other servers.
"""

from __future__ import annotations

import asyncio
import copy
import os
import secrets
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web
from textual_serve.server import Server

from trainer.cli import streams
from trainer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOST = "127.0.0.1"
COOKIE = "cks-trainer-key-{port}"
_LEFT_OUT = ("EDITOR", "VISUAL", "TMUX", "TMUX_PANE", "CKS_TRAINER_EDITOR")
"""What would start programs on the terminal of whoever serves."""


class Visitor(msgspec.Struct, frozen=True):
    """Somebody who may come in: a key, and the options with which the app runs for them."""

    name: str
    key: str
    options: tuple[str, ...]
    own_cluster: bool = True
    """Whether the app may use the kubeconfig of whoever serves."""

    @property
    def command(self) -> str:
        """The command line that runs the app for this visitor, for a shell."""
        unset = [word for name in _LEFT_OUT for word in ("-u", name)]
        cluster = [] if self.own_cluster else [f"KUBECONFIG={os.devnull}"]
        return shlex.join(["env", *unset, *cluster, sys.executable, "-m", "trainer", *self.options])


def only_visitor(workspace: Path, database: Path, options: Sequence[str]) -> Visitor:
    """The learner whose settings these are. `options` are added to the command line."""
    places = ("--workspace", str(workspace), "--database", str(database))
    return Visitor("", secrets.token_urlsafe(16), (*places, *options))


def visitors(names: Sequence[str], base: Path, options: Sequence[str]) -> list[Visitor]:
    """One visitor for each learner: answers in `<base>/<learner>/`, progress in `<base>/<learner>.db`.

    Raises `UsageError` for a name that can't be a folder's.
    """
    for name in names:
        if (
            not name
            or name != name.strip(". ")
            or set(name) & set('/\\\0\n:*?"<>|')
            or len(name.encode()) > 200
        ):
            raise UsageError(f"the learner {name!r} can't have a folder", remedy="use letters and digits")
    return [
        Visitor(
            name,
            secrets.token_urlsafe(16),
            ("--workspace", str(base / name), "--database", str(base / f"{name}.db"), *options),
            own_cluster=False,
        )
        for name in names
    ]


_VISITOR = web.RequestKey("visitor", Visitor)


class Door(Server):
    """The server of textual-serve, for these visitors only."""

    def __init__(self, visitors: Sequence[Visitor], port: int) -> None:
        super().__init__(
            "cks-trainer",
            host=HOST,
            port=port,
            title="cks-trainer",
            templates_path=Path(__file__).parent.absolute(),
        )
        self.cookie = COOKIE.format(port=port)
        self.visitors = {visitor.key: visitor for visitor in visitors}

    def initialize_logging(self) -> None:
        """None: what goes wrong in an app is told in that app."""

    def links(self) -> list[str]:
        """The address for each visitor, with the name where there are several."""
        return [
            f"{visitor.name}  {self.public_url}/?key={visitor.key}".strip()
            for visitor in self.visitors.values()
        ]

    async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002 - textual-serve's signature
        """Print the links."""
        for link in self.links():
            streams.out(link)
        streams.say("serving on this machine only; anybody with a link can use it; press Ctrl-C to stop")

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._let_in)
        return app

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse whoever has no key, and pages of other sites."""
        own = self.public_url.partition("://")[2]
        if request.host != own or request.headers.get("Origin", self.public_url) != self.public_url:
            raise web.HTTPForbidden(text="This address isn't the one that cks-trainer serve printed.\n")
        if request.path.startswith("/static/"):
            return await handler(request)
        key = request.query.get("key", "")
        visitor = self._visitor(key or request.cookies.get(self.cookie, ""))
        if visitor is None:
            raise web.HTTPForbidden(text="Open the link that cks-trainer serve printed: it has the key.\n")
        if key:  # the key leaves the address bar and the history
            answer = web.Response(status=302, headers={"Location": "/"})
            answer.set_cookie(self.cookie, key, httponly=True, samesite="Lax")
            return answer
        request[_VISITOR] = visitor
        response = await handler(request)
        if not response.prepared:
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        return response

    def _visitor(self, key: str) -> Visitor | None:
        return next(
            (one for known, one in self.visitors.items() if secrets.compare_digest(known, _ascii(key))), None
        )

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run the app of this visitor."""
        own = copy.copy(self)
        own.command = request[_VISITOR].command
        return await Server.handle_websocket(own, request)


def _ascii(text: str) -> str:
    return text if text.isascii() else ""


def serve(visitors: Sequence[Visitor], port: int) -> None:
    """Serve until a signal. Raises `UsageError` for a port that can't be used."""
    door = Door(visitors, port)
    asyncio.set_event_loop(asyncio.new_event_loop())
    try:
        door.serve()
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise UsageError(
            f"port {port} can't be used: {words}", remedy="pass --port with another one"
        ) from None
