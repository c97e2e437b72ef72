"""What several test modules share."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from _pytest.pathlib import import_path

from tests.signals import hear_signals

gc.disable()  # nothing that is collected becomes garbage; `pytest_collection_finish` enables it

for profile, examples in (("suite", 25), ("trials", 200)):  # `make trials` names the second
    hypothesis.settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,  # how long an example takes says nothing about the code
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
hypothesis.settings.load_profile("suite")
with contextlib.suppress(ImportError):  # no search for constants in all our modules: it takes seconds
    from hypothesis.internal.conjecture import providers
    from hypothesis.internal.constants_ast import Constants

    providers._get_local_constants = Constants

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # tests of `tools` run from anywhere


hear_signals()


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the cache of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where private folders are made: it is empty afterwards."""
    place = tmp_path / "private"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert list(place.iterdir()) == []


@pytest.fixture(scope="session")
def conformance_cases() -> Path:
    """The folder with other projects' cases: CONFORMANCE_CASES, else beside the checkout.

    Skips where it is missing, unless CONFORMANCE_REQUIRED=1.
    """
    return _present(Path(os.environ.get("CONFORMANCE_CASES") or ROOT.parent / "shared" / "conformance"))


@pytest.fixture(scope="session")
def server_cases(conformance_cases: Path) -> Path:
    """The folder with verdicts of a real API server, in the form of the families, next to the other cases.

    Skips where it is missing, unless CONFORMANCE_REQUIRED=1.
    """
    return _present(conformance_cases.parent / "findings" / "real-server")


def _present(folder: Path) -> Path:
    if not folder.is_dir():
        message = f"no conformance cases: {folder} is missing (CONFORMANCE_CASES names another folder)"
        if os.environ.get("CONFORMANCE_REQUIRED") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long text after its parameter: whole, every report and every worker would repeat it."""
    return argname if isinstance(val, str | bytes) and len(val) > 100 else None


def pytest_collection(session: pytest.Session) -> None:
    """Share the rewriting of asserts: every other worker begins at the end, and then reads what is written.

    Each worker loads all tests. In a clean checkout, rewriting them takes longer than all the rest of it.
    """
    config = session.config
    worker = getattr(config, "workerinput", {}).get("workerid", "gw0")
    whole = config.args == config.getini("testpaths")
    if whole and int(worker.removeprefix("gw")) % 2 and not sys.dont_write_bytecode:
        for path in sorted((ROOT / "tests").rglob("test_*.py"), reverse=True):
            with contextlib.suppress(Exception):  # the collection itself tells what is wrong
                import_path(path, mode="importlib", root=ROOT, consider_namespace_packages=False)


def pytest_sessionfinish() -> None:
    """Collect what is garbage now, once: pytest does so five times at the end, with all that was kept."""
    gc.collect()
    gc.freeze()


def pytest_collection_finish() -> None:
    """Let the garbage collector look as rarely as in the program, and not at what was collected."""
    from trainer.garbage import look_rarely

    gc.freeze()
    gc.enable()
    look_rarely()
