"""Tests of `tui.yaml_place`: where a cursor is. `¦` is the cursor."""

from __future__ import annotations

from tests.table import each_row
from trainer.tui.yaml_place import key_of, place_at

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: a
      image: x
      securityContext:
        capabilities:
          drop:
            - ALL
      env:
        - name: A
          value: b
      command:
      - sh
      - |
        run: it
    - name: b
"""


def at(text: str) -> tuple[str, str | None]:
    lines = text.split("\n")
    row = next(n for n, line in enumerate(lines) if "¦" in line)
    column = lines[row].index("¦")
    lines[row] = lines[row].replace("¦", "")
    place = place_at(lines, row, column)
    return ".".join("[]" if step == 0 else str(step) for step in place.path), place.key


@each_row(
    "find, put, path, key",
    [
        ("kind: Pod", "kind: P¦od", "kind", "kind"),
        ("  name: web", "  na¦me: web", "metadata", None),
        ("  name: web", "  name: w¦eb", "metadata.name", "name"),
        ("    - name: a", "    - na¦me: a", "spec.containers.[]", None),
        ("      image: x", "      image: x¦", "spec.containers.[].image", "image"),
        ("      image: x", "      image: x\n      ¦", "spec.containers.[]", None),
        ("      image: x", "      image: x\n    - ¦", "spec.containers.[]", None),
        ("      image: x", "      image: x\n  ¦", "spec", None),
        (
            "            - ALL",
            "            - AL¦L",
            "spec.containers.[].securityContext.capabilities.drop.[]",
            "drop",
        ),
        ("          drop:", "          ¦drop:", "spec.containers.[].securityContext.capabilities", None),
        ("          value: b", "          value: ¦b", "spec.containers.[].env.[].value", "value"),
        ("      - sh", "      - sh¦", "spec.containers.[].command.[]", "command"),
        ("        run: it", "        run: ¦it", "spec.containers.[].command.[]", "command"),
        ("    - name: b", "    - name: ¦b", "spec.containers.[].name", "name"),
        ("    - name: b", "    - name: b\n¦", "", None),
        ("    - name: b", "    - name: b\n---\nkind: X\n¦", "", None),
    ],
)
def test_the_path_of_a_cursor(find: str, put: str, path: str, key: str | None) -> None:
    assert at(POD.replace(find, put, 1)) == (path, key)


def test_the_object_and_what_its_mapping_has() -> None:
    lines = POD.split("\n")
    place = place_at(lines, 7, 6)
    assert (place.api_version, place.kind) == ("v1", "Pod")
    assert place.taken == {"name", "securityContext", "env", "command"}
    assert place_at(lines, 6, 8).taken == {"image", "securityContext", "env", "command"}
    assert place_at(lines, 0, 3).taken == {"kind", "metadata", "spec"}
    assert place_at(["kind: A", "---", "# x", "kind: 'B'  # c", "spec:"], 4, 2).kind == "B"
    assert place_at([""], 0, 0).path == ()


@each_row(
    "content, key",
    [
        ("a: b", "a"),
        ("a:", "a"),
        ('"a b": c', "a b"),
        ("a: b: c", "a"),
        ("http://x", None),
        ("# a: b", None),
        ("{a: b}", None),
        ('"a: b"', None),
        ("", None),
        ("a", None),
    ],
)
def test_the_key_of_a_line(content: str, key: str | None) -> None:
    assert key_of(content)[0] == key
