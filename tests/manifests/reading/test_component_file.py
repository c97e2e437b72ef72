"""A file that a component reads by itself: the first document, and no List."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.reading.component_file import ComponentFile, component_file
from trainer.verdict import Severity

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"


def read(text: str) -> ComponentFile:
    return component_file(text, "a.yaml")


def test_one_document() -> None:
    found = read(POD)
    assert found.manifest is not None
    assert (found.manifest.kind, found.problems, found.errors) == ("Pod", (), ())


@each_row(
    ("text", "line", "message"),
    [
        ("", 1, "the file is empty"),
        ("# nothing\n", 1, "the file is empty"),
        ("hello\n", 1, "the file contains a plain value instead of an object"),
        ("\n- a\n", 2, "the file contains a list instead of an object"),
        ("a:\n\tb: c\n", 2, "not valid YAML: found character that cannot start any token"),
        ("metadata: {}\n", 1, "the file has no `apiVersion` and no `kind`"),
        ("kind: Pod\n", 1, "the file has no `apiVersion`"),
        (
            '{"apiVersion": "v1", "kind": "Pod"}\n---\n',
            1,
            "not valid JSON: something follows the closing bracket",
        ),
        ('{"kind": "Pod",}', 1, "not valid JSON: a key in double quotes is missing before `}`"),
    ],
)
def test_nothing_that_can_be_read(text: str, line: int, message: str) -> None:
    found = read(text)
    assert found.manifest is None
    assert [problem.message for problem in found.errors] == [message]
    assert found.errors[0].location is not None
    assert found.errors[0].location.line == line


def test_a_directive() -> None:
    found = read(f"%YAML 1.1\n---\n{POD}")
    assert found.manifest is not None
    assert found.manifest.where("kind").line == 4
    assert read(f"%YAML 1.2\n---\n{POD}").manifest is None


def test_an_empty_first_document() -> None:
    found = read(f"# a\n---\n\n---\n{POD}")
    assert found.manifest is None
    assert found.errors[0].message.startswith("the first document of the file is empty")
    assert found.errors[0].location is not None
    assert found.errors[0].location.line == 4
    assert read(f"---\n{POD}").manifest is not None
    assert read(f"# a\n---\n# b\n{POD}---\n").manifest is not None


def test_what_begins_with_a_bracket_is_json() -> None:
    assert read("{apiVersion: v1, kind: Pod}").manifest is None
    assert read('{"apiVersion": "v1", "kind": "Pod"}\n').manifest is not None
    assert read("{apiVersion: v1, kind: Config}").manifest is not None


@each_row("rest", ["---\na: [\n", "---\nkind: Other\n", "---\na: 1\na: 2\n"])
def test_what_follows_the_first_document_is_ignored(rest: str) -> None:
    found = read(POD + rest)
    assert found.manifest is not None
    assert found.manifest.kind == "Pod"
    assert [problem.severity for problem in found.problems] == [Severity.WARNING]
    assert found.problems[0].message.startswith("only the first document of this file is read")
    assert found.problems[0].location is not None
    assert found.problems[0].location.line >= 5


def test_a_repeated_key_of_the_first_document_is_told() -> None:
    found = read(f"kind: A\n{POD}---\na: 1\n")
    assert [problem.message[:24] for problem in found.problems] == [
        "`kind` is set twice, on ",
        "only the first document ",
    ]


def test_the_items_of_a_list_are_not_read() -> None:
    found = read("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}]\n")
    assert found.manifest is not None
    assert found.manifest.kind == "List"


@each_row("top", ["", "kind: Config\n", "apiVersion: v1\n"])
def test_a_kubeconfig_needs_neither_version_nor_kind(top: str) -> None:
    found = read(f"{top}clusters: []\nusers: []\ncontexts: []\n")
    assert found.manifest is not None
    assert (found.manifest.api_version, found.manifest.kind) == ("v1", "Config")
    assert found.manifest.where("users").line == 2 + bool(top)


def test_a_file_is_read_once_for_all_settings_that_ask_for_it() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: once}\n"
    assert component_file(text, "once.yaml") is component_file(text, "once.yaml")
    assert component_file(text, "other.yaml").document is not component_file(text, "once.yaml").document
