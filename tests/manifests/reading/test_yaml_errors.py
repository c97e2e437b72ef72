"""Tests of `manifests.reading.yaml_errors`: what to do about a YAML error."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.reading.parse import parse


@each_row(
    ("text", "remedy"),
    [
        ("a:\n\tb: 1\n", "Indent with spaces"),
        ("a: @b\n", "Quote the value"),
        ("image: {{ .x }}/y\n", "Put the template in quotes"),
        ("kubectl apply -f - <<EOF\napiVersion: v1\nEOF\n", "Keep only the manifest"),
        ("cat pod.yaml\napiVersion: v1\n", "Keep only the manifest"),
        ("```yaml\napiVersion: v1\n```\n", "Remove the lines with ```"),
        ("kind: Pod\nmetadata\n  name: x\n", "Write a colon after `metadata`"),
        ("kind: Pod\nspec\n", "Write a colon after `spec`"),
        ("a: b: c\n", "Check the indentation here and above"),
        ("a: [1, 2\nb: 1\n", "Close the list"),
        ("a: {b: 1\n", "Close the mapping"),
        ('a: "x\n', "Close the quotation mark"),
        ('a: "\\q"\n', "Use single quotes"),
        ("a: - b\n", "Begin the list on a line of its own"),
        ("a: 1\n b: 2\n", "Check the indentation"),
        ("a: 1\n  b: 2\n", "Check the indentation"),
        ("a: !x!y z\n", "Quote the value"),
        ("%foo bar\n---\na: 1\n", "Quote the value or remove the line"),
        (
            "apiVersion: v1\nkind:\u00a0Pod\nspec: {}\n",
            "Line 2 has a no-break space (U+00A0) in column 6: write an ordinary space.",
        ),
        ("a:\n  b: 1\n\u00a0 c:\u00a02\n", "Line 3 has a no-break space (U+00A0) in column 1"),
        ("cmd: * * * * *\n", "Quote the value"),
        ("a: *b\n", "Quote the value"),
    ],
)
def test_typical_errors_have_a_remedy(text: str, remedy: str) -> None:
    parsed = parse(text.encode(), "x.yaml")
    found = parsed.problems[-1]
    assert found.message.startswith("not valid YAML")
    assert remedy in found.remedy, found
