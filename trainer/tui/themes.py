"""The themes; every color that carries text has enough contrast.

The measure is WCAG 2.1 level AA (4.5 to 1), for high contrast AAA (7 to 1); a test computes it.
The color-blind safe theme follows Okabe and Ito: passed is blue, failed is orange.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from textual._text_area_theme import TextAreaTheme

DARK, LIGHT, CONTRAST, BLIND = "cks-dark", "cks-light", "cks-contrast", "cks-color-blind"

TITLES = {DARK: "Dark", LIGHT: "Light", CONTRAST: "High contrast", BLIND: "Color-blind safe"}
"""The themes by their names, with their titles."""

THEMES = (
    Theme(
        name=DARK,
        primary="#3b8eea",
        secondary="#5aa9e6",
        warning="#ffb454",
        error="#ff6b6b",
        success="#5ad17f",
        accent="#ffb454",
        foreground="#e4e4e4",
        background="#121212",
        surface="#1c1c1c",
        panel="#26323a",
        dark=True,
    ),
    Theme(
        name=LIGHT,
        primary="#0a4f8f",
        secondary="#0a4f8f",
        warning="#7a4a00",
        error="#a31621",
        success="#14602b",
        accent="#7a4a00",
        foreground="#1c1c1c",
        background="#fafafa",
        surface="#f0f0f0",
        panel="#dde4ea",
        dark=False,
    ),
    Theme(
        name=CONTRAST,
        primary="#66ccff",
        secondary="#66ccff",
        warning="#ffe14d",
        error="#ff9a9a",
        success="#6dff9c",
        accent="#ffe14d",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1f1f1f",
        dark=True,
        variables={"text-muted": "#ffffff"},
    ),
    Theme(
        name=BLIND,
        primary="#56b4e9",
        secondary="#56b4e9",
        warning="#f0e442",
        error="#f5a15b",
        success="#7cc7f5",
        accent="#f0e442",
        foreground="#e8e8e8",
        background="#101418",
        surface="#182028",
        panel="#22303c",
        dark=True,
    ),
)

_COLOURS = {
    DARK: ("#6fb3f2", "#d7a27f", "#b5cea8", "#8fc7a3", "#8a8a8a"),
    LIGHT: ("#0a4f8f", "#7d3c00", "#8a1538", "#14602b", "#666666"),
    CONTRAST: ("#66ccff", "#ffd9a0", "#ffe14d", "#6dff9c", "#c8c8c8"),
    BLIND: ("#56b4e9", "#f0c98a", "#f0e442", "#a6d8f5", "#9aa4ad"),
}
"""Keys, strings, numbers, booleans and nulls, comments."""


def code_variables(theme: str) -> dict[str, str]:
    """The variables for code in texts, in the same colors: `code-key` and so on."""
    key, string, number, constant, comment = _COLOURS.get(theme, _COLOURS[DARK])
    return {
        "code-key": key,
        "code-string": string,
        "code-number": number,
        "code-constant": constant,
        "code-comment": comment,
        "code-type": constant,
        "code-keyword": key,
    }


def syntax_theme(theme: str) -> TextAreaTheme:
    """The YAML colors for one of our themes; any other theme uses the dark ones."""
    from rich.style import Style
    from textual._text_area_theme import TextAreaTheme  # no first frame has an editor

    key, string, number, constant, comment = _COLOURS.get(theme, _COLOURS[DARK])
    styles = {
        "yaml.field": Style(color=key, bold=True),
        "string": Style(color=string),
        "number": Style(color=number),
        "boolean": Style(color=constant),
        "constant.builtin": Style(color=constant),
        "comment": Style(color=comment, italic=True),
        "type": Style(color=constant),
        "keyword": Style(color=key, bold=True),
    }
    return TextAreaTheme(name=f"yaml-{theme}", syntax_styles=styles)
