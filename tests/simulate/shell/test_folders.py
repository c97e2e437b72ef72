"""`cd`, `pushd` and `popd`, compared with the real bash where there is one."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.containers.sandbox import ran
from tests.simulate.shell.real import agreed
from trainer.errors import NotJudged


def test_the_way_back(tmp_path: Path) -> None:
    text = "cd /; cd /; cd -; echo $OLDPWD; pushd / > /dev/null; pushd /; popd; popd; popd || echo none"
    assert agreed(text, tmp_path)[1] == "/\n/\n/ / /\n/ /\n/\nnone\n"
    assert ran("cd d; cd - ; pwd; cd none || echo no", "bash").out == "/tmp\n/tmp\nno\n"


def test_what_is_outside(tmp_path: Path) -> None:
    for text in ("cd a b", "popd x", "HOME=; cd"):
        with pytest.raises(NotJudged):
            agreed(text, tmp_path)
