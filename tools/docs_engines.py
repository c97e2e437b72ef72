"""What each engine follows, covers and refuses to guess: `docs/engines.md`."""

from __future__ import annotations

from pathlib import Path

from tools.docs_source import ROOT, module_doc, not_judged

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


def engines_page() -> str:
    """A section for every module of the engines. Markdown."""
    lines = [_INTRO]
    for path in _modules():
        text = module_doc(path)
        title, _, rest = text.partition("\n")
        if path.name == "world.py" or (path.parent.name == "simulate" and path.name == "__init__.py"):
            continue
        lines += [f"## {_name(path)}", "", f"**{title}**"]
        lines += [rest.rstrip()] if rest.strip() else []
        unjudged = not_judged(path)
        if unjudged:
            lines += ["", "Not judged:", "", *(f"- {message}" for message in unjudged)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _modules() -> list[Path]:
    found = (ROOT / "trainer" / "simulate").rglob("*.py")
    return sorted(path for path in found if path.stem == "__init__" or not path.stem.startswith("_"))


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT / "trainer" / "simulate").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")
