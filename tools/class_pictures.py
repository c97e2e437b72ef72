"""The pictures of a class's results in the documentation: `make pictures` draws them with Chromium.

The class is made of the stored answers, with a fixed seed: the same learners get the same results every time.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from trainer.__main__ import main as program

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CARDS = ("np-and-or", "pod-ro", "rbac-deployer", "audit-policy", "secret-volume", "psa-labels", "image-pin")
LEARNERS = (
    "Ana Lopez", "Bo Novak", "Chen Wei", "Dana Okafor", "Emil Schmidt", "Fatima Haddad", "Goran Kim",
    "Hana Rossi", "Ivan Petrov", "Jun Ito", "Kofi Mensah", "Lena Fischer", "Marek Dvorak", "Nadia Amari",
    "Omar Said", "Priya Nair",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGE, CARD, PHONE = (1200, 900), (1200, 960), (390, 780)
"""The sizes of the pictures in pixels: the page, one card of it, and a phone."""


def make_class(folder: Path, *, seed: int = 7) -> None:
    """Put answers of a class into a folder: right and wrong ones, and some that are missing."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    for learner in LEARNERS:
        skill = rng.choice((0.2, 0.5, 0.8, 0.9, 1))
        for card in CARDS:
            if rng.random() < 0.05:
                continue
            (stored,) = (ROOT / "solutions").glob(f"*/{card}")
            right = rng.random() < skill
            files = sorted(stored.glob("*.yaml"))
            answers = [file for file in files if file.name.startswith("wrong-") is not right]
            (folder / learner).mkdir(parents=True, exist_ok=True)
            shutil.copy(rng.choice(answers[:5]), folder / learner / f"{card}.yaml")


def draw(browser: str, page: Path, target: Path, size: tuple[int, int], *places: str) -> None:
    """Take a picture of a page: of several places in it beside each other. Raises `CalledProcessError`."""
    style = f"border:0;width:{size[0]}px;height:{size[1]}px"
    frames = "".join(f'<iframe src="{page.as_uri()}{place}" style="{style}"></iframe>' for place in places)
    frame = page.with_name("frame.html")
    frame.write_text(f'<body style="margin:0;display:flex">{frames}')
    options = ("--headless", "--no-sandbox", "--hide-scrollbars", "--allow-file-access-from-files")
    window = f"--window-size={len(places) * size[0]},{size[1]}"
    command = [browser, *options, f"--screenshot={target}", window, frame.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> int:
    """Draw all pictures; none if there is no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"no pictures of results: none of {', '.join(BROWSERS)} is installed")
        return 0
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make_class(place / "class")
        arguments = ["--cards", ",".join(CARDS), "--out", str(place), "--format", "html"]
        code = program(["batch", str(place / "class"), *arguments])
        if code:
            return code
        page = place / "report.html"
        draw(browser, page, IMAGES / "report.png", PAGE, "")
        draw(browser, page, IMAGES / "report-phone.png", PHONE, "", "#matrix")
        mistake = '<details class="mistake"'
        page.write_text(page.read_text().replace(mistake, f"{mistake} open"))
        draw(browser, page, IMAGES / "report-card.png", CARD, "#k0-2")
    for image in sorted(IMAGES.glob("report*.png")):
        print(f"{image.relative_to(ROOT)}  {image.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
