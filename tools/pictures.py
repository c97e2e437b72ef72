"""The pictures of the documentation, drawn by the app itself: `make pictures`.

`docs/images/start.svg` and `card.svg` are single screens. `tour.svg` is a recording: screens that follow each
other. It stands still for people who prefer less motion. Nothing in them is loaded from elsewhere.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from textual.events import Paste

from trainer.config import load_settings
from trainer.session import Session
from trainer.tui.app import TrainerApp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.pilot import Pilot

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SOLUTIONS = ROOT / "solutions" / "runtime-security" / "pod-ro"
SIZE = (110, 32)

Frame = tuple[str, float]
"""A screen as SVG, and the seconds for which a recording shows it."""

_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def still(svg: str) -> str:
    """A screen as Textual exports it, without the fonts that it would load from the network."""
    return _FONT_FACE.sub("", svg)


def recording(frames: Sequence[Frame]) -> str:
    """The screens one after the other, in one SVG that begins again at the end."""
    total = sum(seconds for _, seconds in frames)
    styles, screens, begin = [], [], 0.0
    for number, (svg, seconds) in enumerate(frames):
        first, last = 100 * begin / total, 100 * (begin + seconds) / total
        styles.append(
            f"@keyframes show-{number} {{ 0% {{ visibility: hidden }} {first:.3f}% {{ visibility: visible }} "
            f"{last:.3f}% {{ visibility: hidden }} 100% {{ visibility: hidden }} }}\n"
            f".frame-{number} {{ visibility: hidden; animation: show-{number} {total}s step-end infinite }}"
        )
        screens.append(f'<g class="frame-{number}">{still(svg)}</g>')
        begin += seconds
    box = re.search(r'viewBox="([^"]*)"', frames[0][0])
    last_frame = len(frames) - 1
    calm = (
        "@media (prefers-reduced-motion: reduce) { g[class^=frame-] { animation: none } "
        f".frame-{last_frame} {{ visibility: visible }} }}"
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box.group(1) if box else ""}">'
    return "\n".join([head, "<style>", *styles, calm, "</style>", *screens, "</svg>", ""])


async def _type(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause(0.3)


async def _replace(pilot: Pilot[None], text: str) -> None:
    """Replace the answer in the editor and save it, as somebody does who pastes."""
    await _type(pilot, "ctrl+a")
    pilot.app.post_message(Paste(text))
    await pilot.pause(0.3)
    await _type(pilot, "ctrl+s")
    await pilot.pause(1.0)


async def tour(pilot: Pilot[None]) -> dict[str, Frame]:
    """One card from the start to the pass: each screen under a name."""
    frames: dict[str, Frame] = {}

    async def keep(name: str, seconds: float) -> None:
        await pilot.pause(0.5)
        frames[name] = (pilot.app.export_screenshot(title="cks-trainer"), seconds)

    await pilot.pause(1.0)
    await keep("start", 3)
    await _type(pilot, "slash", *"read-only")
    await keep("search", 2)
    await _type(pilot, "escape")
    pilot.app.open_card("pod-ro")  # type: ignore[attr-defined]
    await pilot.pause(1.0)
    await keep("task", 4)
    await _type(pilot, "i")
    await _replace(pilot, _answer("wrong-pod-level.yaml"))
    await keep("card", 6)
    await _replace(pilot, _answer("reference.yaml"))
    await keep("passed", 5)
    return frames


def _answer(name: str) -> str:
    lines = (SOLUTIONS / name).read_text().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("#"))


async def _run(play: Callable[[Pilot[None]], Awaitable[dict[str, Frame]]]) -> dict[str, Frame]:
    with tempfile.TemporaryDirectory() as folder:
        places = {"workspace": f"{folder}/cks-practice", "database": f"{folder}/progress.db"}
        session = Session.open(load_settings(places))
        try:
            async with TrainerApp(session).run_test(size=SIZE) as pilot:
                return await play(pilot)
        finally:
            session.close()


def main() -> int:
    """Draw all pictures."""
    frames = asyncio.run(_run(tour))
    IMAGES.mkdir(exist_ok=True)
    for name in ("start", "card"):
        (IMAGES / f"{name}.svg").write_text(still(frames[name][0]))
    (IMAGES / "tour.svg").write_text(recording(list(frames.values())))
    for image in sorted(IMAGES.glob("*.svg")):
        print(f"{image.relative_to(ROOT)}  {image.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
