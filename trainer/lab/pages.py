"""Pages of a lab as HTML: one file each, which opens offline and loads nothing.

Nothing in a page is a script, and its policy forbids them, images and every address. Foreign text is escaped,
and what could act in it (controls, characters that turn the direction of writing) is written out.
"""

from __future__ import annotations

from html import escape

from trainer.safe_text import clean, one_line

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
{more}<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""

_HANDOUT = """\
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 0 auto; padding: 1rem;
overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; margin-top: 3rem; border-top: 2px solid var(--line);
padding-top: 1rem; } h3 { font-size: 1rem; margin-bottom: 0.25rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
code { background: var(--soft); padding: 0 0.2em; overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0.6rem;
white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { background: none; padding: 0; }
table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: 0.2rem 0.6rem;
text-align: left; vertical-align: top; } th { white-space: nowrap; }
@media print { body { max-width: none; font-size: 10pt; } h2 { break-before: page; } }
"""


def page(title: str, body: str, style: str, *, refresh: int = 0) -> str:
    """A whole page of safe HTML. With `refresh`, a browser reads it again after so many seconds."""
    more = f'<meta http-equiv="refresh" content="{refresh}">\n' if refresh else ""
    return _PAGE.format(title=text(title), body=body, style=style, more=more)


def text(words: object) -> str:
    """Foreign text of one line, as HTML."""
    return escape(one_line(str(words)))


def handout_page(title: str, markdown: str) -> str:
    """A handout as a page. HTML in the Markdown is shown as it's written; images are left out."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return page(title, str(reader.render(clean(markdown))), _HANDOUT)
