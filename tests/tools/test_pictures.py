"""The pictures of the documentation load nothing from elsewhere, and the recording shows each screen in its turn."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from tools.pictures import IMAGES, recording, still

ROOT = Path(__file__).resolve().parent.parent.parent
SCREEN = (
    '<svg viewBox="0 0 9 5" xmlns="http://www.w3.org/2000/svg"><style>@font-face { src: url("https://x.example/a") }'
    ".a { fill: red }</style><text>%s</text></svg>"
)


def test_a_screen_keeps_its_looks_and_loads_no_font() -> None:
    assert still(SCREEN % "one") == (SCREEN % "one").replace(
        '@font-face { src: url("https://x.example/a") }', ""
    )


def test_a_recording_shows_one_screen_at_a_time() -> None:
    text = recording([(SCREEN % "one", 1.0), (SCREEN % "two", 3.0)])
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert root.attrib["viewBox"] == "0 0 9 5"
    assert ["".join(group.itertext())[-3:] for group in root if group.tag.endswith("}g")] == ["one", "two"]
    assert "@keyframes show-0 { 0% { visibility: hidden } 0.000% { visibility: visible } 25.000%" in text
    assert "@keyframes show-1 { 0% { visibility: hidden } 25.000% { visibility: visible } 100.000%" in text
    assert "prefers-reduced-motion" in text


def test_the_pictures_of_the_documentation_are_whole_and_small() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    named = {
        (page.parent / name).resolve()
        for page in pages
        for name in re.findall(r"!\[[^\]]+\]\(([^)#]+)\)", page.read_text())
    }
    assert {image.resolve() for image in IMAGES.iterdir()} == named, "each is shown, and each is there"
    for image in named:
        assert image.stat().st_size < 700_000
        if image.suffix == ".svg":
            text = image.read_text()
            ET.fromstring(text)  # noqa: S314 - our own
            assert not re.search(r"@import|@font-face|href=|<script|url\((?!#)", text)
