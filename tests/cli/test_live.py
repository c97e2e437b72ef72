"""What was agreed to on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.cli.base import Run
from trainer.cli.live import live_options, options_of, tell
from trainer.errors import ClusterError, UsageError

NOTHING = {"allow_exec_plugins": False, "confirm_context": None, "timeout": None, "suffix": None}


def test_the_options() -> None:
    names = [option for one in live_options() for option in one.opts]
    assert names == ["--context", "--allow-exec-plugins", "--confirm-context", "--timeout", "--suffix"]


def test_a_context_is_named_by_option_or_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no context is named"):
        options_of(Run(), context=None, **NOTHING)  # type: ignore[arg-type]
    monkeypatch.setenv("CKS_TRAINER_CONTEXT", "lab")
    assert options_of(Run(), context=None, **NOTHING).context == "lab"  # type: ignore[arg-type]
    found = options_of(Run(), context="kind", **NOTHING)  # type: ignore[arg-type]
    assert (found.context, found.seconds) == ("kind", 10)
    assert (found.allow_exec, found.allow_write, found.allow_plugins, found.typed) == (
        False,
        False,
        False,
        "",
    )


def test_a_cluster_out_of_reach_means_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(ClusterError("it is down", remedy="start it")) == 3
    assert capsys.readouterr().err == "it is down\n  Start it\n"
