"""The finder of circles of imports, on small trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.import_graph import circles, import_graph


def tree(folder: Path, **modules: str) -> Path:
    """A package `p` of modules; the first `__` in a name stands for a folder."""
    for name, text in modules.items():
        path = folder.joinpath("p", *f"{name}.py".split("__", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "p"


@pytest.mark.parametrize(
    ("modules", "found"),
    [
        ({"a": "import p.b", "b": "import os"}, []),
        ({"a": "import p.b", "b": "import p.a"}, [["p.a", "p.b", "p.a"]]),
        ({"a": "from p import b", "b": "def f():\n    from p.a import x"}, [["p.a", "p.b", "p.a"]]),
        ({"a": "from p.b import x", "b": "if 1:\n    from p import a"}, [["p.a", "p.b", "p.a"]]),
        (
            {"a": "from p.c import x", "b": "from p.a import x", "c": "import p.b"},
            [["p.a", "p.c", "p.b", "p.a"]],
        ),
        ({"a": "from p.a import x"}, [["p.a", "p.a"]]),
        ({"a": "from . import b", "b": "from .a import x"}, [["p.a", "p.b", "p.a"]]),
        ({"c__d": "from .. import a", "a": "from p.c.d import x"}, [["p.a", "p.c.d", "p.a"]]),
        (
            {"a": "import p.b", "b": "import p.a", "c": "import p.d", "d": "import p.c", "e": "import p.a"},
            [["p.a", "p.b", "p.a"], ["p.c", "p.d", "p.c"]],
        ),
    ],
)
def test_circles(tmp_path: Path, modules: dict[str, str], found: list[list[str]]) -> None:
    assert circles(import_graph(tree(tmp_path, **modules))) == found


@pytest.mark.parametrize("guard", ["if TYPE_CHECKING:", "if typing.TYPE_CHECKING:"])
def test_imports_for_types_alone_make_no_circle(tmp_path: Path, guard: str) -> None:
    folder = tree(
        tmp_path, a="from p.b import x", b=f"{guard}\n    from p.a import y\nelse:\n    import p.c", c=""
    )
    assert import_graph(folder) == {"p.a": {"p.b"}, "p.b": {"p.c"}, "p.c": set()}


def test_the_package_above_is_no_use_of_it(tmp_path: Path) -> None:
    above = {"c____init__": "from p.c.d import x", "c__d": "from p.c import e"}
    graph = import_graph(tree(tmp_path / "way", **above, c__e=""))
    assert graph["p.c"] == {"p.c.d"}
    assert graph["p.c.d"] == {"p.c.e"}
    assert circles(graph) == []
    back = import_graph(tree(tmp_path / "back", **above, c__e="from p.c import name"))
    assert circles(back) == [["p.c", "p.c.d", "p.c.e", "p.c"]]
