"""Canaries where a process, a server or a screen is needed: live checks, `watch`, `pack check`, the app."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.fake_api import Fake
from tests.samples import first_of
from tests.tui.conftest import settled  # noqa: F401 - a fixture that every test of the app needs
from tests.tui.showing import assert_soon, shown
from tools.canary.documents import Document, documents
from tools.canary.outputs import at_home, run
from trainer.config import Settings
from trainer.session import Session
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen

PACK = Path(__file__).parent.parent.parent / "fixtures" / "pack-mini"
SAMPLE = list(itertools.islice(documents(31), 8))


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings, the progress or the answers of whoever runs it."""
    at_home(tmp_path, monkeypatch.setenv, monkeypatch.delenv)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    with Fake() as fake:
        monkeypatch.setenv("KUBECONFIG", str(fake.kubeconfig(tmp_path)))
        yield fake


@pytest.mark.parametrize("document", first_of(SAMPLE, 2), ids=lambda one: one.shapes)
def test_live_checks(document: Document, server: Fake, tmp_path: Path) -> None:
    """The server takes the answer in a dry run, says what it thinks of it, and has objects with the same secret."""
    server.store.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "mercury"}})
    server.store.apply(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "db", "namespace": "mercury"},
            "stringData": {"password": document.canary, document.canary: "x"},
        }
    )
    (tmp_path / "pod.yaml").write_bytes(document.data)
    for form in ((), ("--json",)):
        written = run(
            "grade",
            "--card",
            "secret-volume",
            str(tmp_path / "pod.yaml"),
            "--live",
            "--context",
            "practice",
            *form,
        )
        assert b"live" in written or b"UTF-8" in written
        assert not document.sings(written)


def test_watching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "trainer.cli.commands.watch.watch.__kwdefaults__", {"until_passed": False, "sleep": stop}
    )
    for number, document in enumerate(SAMPLE):
        folder = tmp_path / str(number) / "secret-volume"
        folder.mkdir(parents=True)
        (folder / "pod.yaml").write_bytes(document.data)
        for form in ((), ("--json",)):
            written = run("watch", str(folder), *form)
            assert written
            assert not document.sings(written)


@pytest.mark.parametrize("document", first_of(SAMPLE[:4]), ids=lambda one: one.shapes)
def test_a_pack_whose_answers_have_secrets(document: Document, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    folder = next(path for path in pack.rglob("tiny-pod") if path.is_dir())
    reference = (folder / "reference.yaml").read_bytes()
    (folder / "reference.yaml").write_bytes(reference + b"---\n" + document.data)
    (folder / "also-other.yaml").write_bytes(document.data)
    (folder / "wrong-other.yaml").write_bytes(b"# fails: read-only-root\n" + document.data)
    for form in ((), ("--json",)):
        written = run("pack", "check", str(pack), "tiny-pod", *form)
        assert b"problems" in written
        assert not document.sings(written)


@pytest.mark.parametrize("document", first_of(SAMPLE[:3]), ids=lambda one: one.shapes)
async def test_the_app(document: Document, tmp_path: Path) -> None:
    """The answer itself is shown to whoever writes it; what the app says of it has no secret."""
    settings = Settings(tmp_path / "ws", tmp_path / "p.db", tmp_path / "c.toml")
    session = Session.open(settings)
    card = session.card("secret-volume")
    session.start(card)
    (session.folder(card) / "pod.yaml").write_bytes(document.data)
    app = TrainerApp(session)
    async with app.run_test(size=(120, 50)) as pilot:
        await app.push_screen(CardScreen(session, card))
        await pilot.pause()
        screen = app.screen
        await assert_soon(lambda: "points" in shown(app))
        for pane in screen.query("AnswerPane"):
            pane.display = False
        await pilot.pause()
        assert not document.sings(shown(app).encode())
    session.close()
