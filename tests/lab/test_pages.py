"""Tests of `lab.pages`: nothing of a page acts, loads or leaves."""

from __future__ import annotations

from html.parser import HTMLParser

from trainer.lab.pages import handout_page, page, text


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


HOSTILE = """# <script>alert(1)</script>

<img src=x onerror=alert(1)> ![x](https://evil.example/x.png) [y](javascript:alert(1)) [z](data:text/html,x)
\x1b[2J\u202e

```
</code></pre><script>alert(2)</script>
```
"""


def test_nothing_of_a_card_is_html() -> None:
    html = handout_page("<title>", HOSTILE)
    found = Tags(html)
    assert not {"script", "img", "iframe", "object", "link"} & set(found.tags)
    addresses = [one for one in found.attributes if one[0] in ("href", "src")]
    assert addresses == [("href", "https://evil.example/x.png")], "an image is only a link"
    assert not any(name.startswith("on") for name, _ in found.attributes)
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "\\x1b[2J\\u202e" in html
    assert "<title>&lt;title&gt;</title>" in html
    assert "default-src 'none'" in html


def test_markdown_becomes_a_page() -> None:
    html = handout_page("T", "| a | b |\n|---|---|\n| `x` | <https://k.io/> |\n")
    assert '<td><code>x</code></td>\n<td><a href="https://k.io/">' in html
    assert 'http-equiv="refresh"' not in html


def test_a_page_may_be_read_again() -> None:
    html = page("a & b", "<p>x</p>", "p {}", refresh=5)
    assert '<meta http-equiv="refresh" content="5">' in html
    assert "<title>a &amp; b</title>" in html
    assert text("<a\n\x07>") == "&lt;a\\n\\x07&gt;"
