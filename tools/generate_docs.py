"""`make docs`: writes every page that is generated from the program, and the numbers of the README.

A test fails when one is stale. The pages
that are written by hand (docs/machine-readable.md) refer to these pages and repeat nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tools.docs.cards import cards_page
from tools.docs.commands import reference
from tools.docs.engines import engines_page
from tools.docs.readme import readme
from tools.docs.rules import rules_page
from tools.docs.schemas import card_schema, results_schema
from tools.docs.source import ROOT

PAGES: dict[str, Callable[[], str]] = {
    "README.md": readme,
    "docs/cards.md": cards_page,
    "docs/rules.md": rules_page,
    "docs/engines.md": engines_page,
    "docs/commands.md": reference,
    "docs/card.schema.json": card_schema,
    "docs/results.schema.json": results_schema,
}


def main() -> None:
    """Write the pages that have changed, and say which on stdout."""
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
