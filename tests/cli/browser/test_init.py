"""The door to the app in a browser, by a real client: who comes in, and to whose answers."""

from __future__ import annotations

import asyncio
import shlex
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, WSMsgType, WSServerHandshakeError, web
from textual_serve.app_service import AppService

from tests.patience import HANGS
from tests.table import each_row
from trainer.cli.browser import HOST, Door, Visitor, only_visitor, serve, visitors
from trainer.errors import UsageError

ANA = Visitor("ana", "key-of-ana", ("--workspace", "a's place"))
BO = Visitor("bo", "key-of-bo", ())


def free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def served(*who: Visitor) -> AsyncIterator[tuple[str, ClientSession]]:
    """The address of a running server, and a client that keeps cookies."""
    door = Door(who, free_port())
    runner = web.AppRunner(await door._make_app())
    await runner.setup()
    await web.TCPSite(runner, HOST, door.port).start()
    try:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
            yield door.public_url, client
    finally:
        await runner.cleanup()


async def read(response: ClientResponse) -> tuple[int, str]:
    return response.status, await response.text()


async def test_only_a_key_opens_and_only_from_the_own_page() -> None:
    async with served(ANA) as (address, client):

        async def status(path: str, **headers: str) -> int:
            async with client.get(address + path, headers=headers, allow_redirects=False) as response:
                return response.status

        with pytest.raises(WSServerHandshakeError):
            await client.ws_connect(f"{address}/ws")
        assert await status("/") == 403
        assert await status("/?key=another") == 403
        assert await status("/?key=k%C3%A9y") == 403
        assert await status("/?key=key-of-ana", Origin="https://evil.example") == 403
        assert await status("/?key=key-of-ana", Host="evil.example:80") == 403
        assert await status("/?key=key-of-ana") == 302
        with pytest.raises(WSServerHandshakeError):
            await client.ws_connect(f"{address}/ws", headers={"Origin": "http://127.0.0.1:1"})
        code, page = await read(await client.get(address))
        assert code == 200
        assert page.count("://") == page.count(address.partition("//")[2]), "nothing of other servers"
        assert "key-of-ana" not in page


async def test_each_key_has_its_own_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = AppService._open_app_process

    async def noted(*arguments: Any, **options: Any) -> Any:
        started.append(await start(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(AppService, "_open_app_process", noted)

    async def said_to(who: Visitor, visitor: Visitor) -> bytes:
        async with served(who, BO) as (address, client):
            await client.get(f"{address}/?key={visitor.key}")
            found = b""
            async with (
                asyncio.timeout(HANGS),
                client.ws_connect(f"{address}/ws?width=80&height=24") as socket,
            ):
                async for message in socket:
                    if message.type is WSMsgType.BINARY:
                        found += message.data
                    if b"cards passed" in found:
                        # ctrl+q: the app ends, and with it the connection
                        await socket.send_json(["stdin", "\x11"])
            assert await started[-1].wait() == 0
            return found

    me = only_visitor(tmp_path / "it's mine", tmp_path / "p.db", [])
    assert b"cards passed" in await said_to(me, me)


def test_the_command_of_a_visitor_starts_nothing_on_the_terminal_of_others() -> None:
    words = shlex.split(ANA.command)
    assert words[0] == "env"
    assert {"TMUX", "EDITOR", "VISUAL"} <= set(words)
    assert words[-2:] == ["--workspace", "a's place"]
    learner, other = visitors(["Ana María", "bo"], Path("/labs"), ["--pack", "/p"])
    assert learner.key != other.key
    assert "KUBECONFIG=/dev/null" in shlex.split(learner.command)
    assert not any(word.startswith("KUBECONFIG") for word in words)
    expected = ("--workspace", "/labs/Ana María", "--database", "/labs/Ana María.db", "--pack", "/p")
    assert learner.options == expected


@each_row("name", ["..", "a/b", "", " ", ".hidden", "a\nb", "x" * 201, "a:b", "con?"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="can't have a folder"):
        visitors([name], Path("/labs"), [])


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as one:
        one.bind((HOST, 0))
        one.listen()
        with pytest.raises(UsageError, match="can't be used"):
            serve([ANA], one.getsockname()[1])
