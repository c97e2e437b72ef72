"""Tests of `content.locate`: where packs lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.content.locate import builtin_pack, pack_at
from trainer.errors import UsageError


def test_the_built_in_pack_is_there() -> None:
    pack = builtin_pack()
    assert pack.tasks.is_dir()
    assert pack.solutions == pack.tasks.parent / "solutions"


def test_a_pack_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "tasks").mkdir()
    assert pack_at(tmp_path).solutions == tmp_path / "solutions"


def test_a_folder_without_tasks_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no folder `tasks`"):
        pack_at(tmp_path)
