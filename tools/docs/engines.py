"""What each engine follows, covers and refuses to guess: `docs/engines.md`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tools.docs.source import ROOT, module_doc, not_judged

_ENGINES = ROOT / "trainer" / "simulate"

_INTRO = """\
# Engines

Generated from the modules' docstrings by `make docs`. The engines in `trainer/simulate/` say what a
cluster would do: pure code, a world in, an answer out. Each engine names the page or source that it
follows, and the version. It never guesses anything outside its subset: the check gets the status ERROR
and says `not judged`, with the construct and its place. The messages of that kind are listed below each
engine; `…` replaces what varies.

The modules of `trainer/manifests/` and `trainer/grading/` say how an answer is read before any engine
sees it: YAML, schema, validation, defaults, and what `kubectl apply` does with it.
"""

_SHARED = "Shared by the engines"


@cache
def engines_page() -> str:
    """A table of the subjects, a chapter for each with a section for every module. Markdown."""
    subjects = sorted(path for path in _ENGINES.iterdir() if (path / "__init__.py").is_file())
    lines = [_INTRO, "| Subject | What its engines answer |", "|---|---|"]
    lines += [f"| [{path.name}](#{path.name}) | {_title(path / '__init__.py')} |" for path in subjects]
    for path in subjects:
        lines += ["", f"## {path.name}", "", *_said(path / "__init__.py")]
        lines += _sections(path, f"{path.name}.")
    lines += ["", f"## {_SHARED}", *_sections(_ENGINES, "")]
    return "\n".join(lines).rstrip() + "\n"


def _sections(folder: Path, prefix: str) -> list[str]:
    """A section for each module of a folder."""
    lines: list[str] = []
    for path in sorted(folder.glob("*.py")):
        if path.stem == "__init__":
            continue
        lines += ["", f"### {prefix}{path.stem}", "", *_said(path)]
        unjudged = not_judged(path)
        if unjudged:
            lines += ["", "Not judged:", "", *(f"- {message}" for message in unjudged)]
    return lines


def _said(path: Path) -> list[str]:
    """A module's docstring, its first line in bold."""
    title, _, rest = module_doc(path).partition("\n")
    return [f"**{title}**", *([rest.rstrip()] if rest.strip() else [])]


def _title(path: Path) -> str:
    return module_doc(path).partition("\n")[0]
