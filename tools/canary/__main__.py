"""`python -m tools.canary [--number N] [--seed N]`: looks for leaks in every output; exits 1 if any leaks."""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from pathlib import Path

from tools.canary.documents import documents
from tools.canary.outputs import at_home, chosen_for, outputs


def main() -> int:
    """Run the documents through all outputs and print the leaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=500, help="number of documents")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--all", action="store_true", help="all cards and questions for each document, not one each"
    )
    chosen = parser.parse_args()
    leaks = looked = 0
    with tempfile.TemporaryDirectory() as place:
        at_home(Path(place))
        for number, document in enumerate(itertools.islice(documents(chosen.seed), chosen.number)):
            folder = Path(place) / str(number)
            folder.mkdir()
            card, asked = ("", ()) if chosen.all else chosen_for(number)
            batch = chosen.all or number % 5 == 0
            for name, written in outputs(document, folder, card=card, asked=asked, batch=batch):
                looked += 1
                if document.sings(written):
                    leaks += 1
                    sys.stdout.write(
                        f"LEAK {number} {document.shapes}: {name}\n{document.data!r}\n{written[-900:]!r}\n\n"
                    )
    sys.stdout.write(f"{chosen.number} documents, {looked} outputs, {leaks} leaks\n")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
