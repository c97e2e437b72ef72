"""File names of learners: accepted everywhere, never the same, and the same again next time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.report.names import FileNames


@each_row(
    ("name", "file"),
    [
        ("ana", "ana"),
        ("Ana López", "Ana-López"),
        ("ana@example.com", "ana-example.com"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\\b:c*d?e", "a-b-c-d-e"),
        ("a\x1b[31m\u202eb\n", "a-31m-b"),
        ("Лена", "Лена"),
        ("x" * 300, "x" * 50),
        ("dot.", "dot"),
        (".hidden", "hidden"),
    ],
)
def test_plain(name: str, file: str) -> None:
    assert FileNames().of(name) == file


def test_devices_and_nothing_get_a_part_of_their_own() -> None:
    names = FileNames()
    files = [names.of(name) for name in ("CON", "nul.txt", "", "...", "\u202e")]
    assert [file.rpartition("-")[0] for file in files] == ["CON", "nul.txt", *["learner"] * 3]
    assert len(set(files)) == 5


def test_names_that_one_system_or_another_takes_for_the_same_are_different() -> None:
    same = [
        "Ana",
        "ana",
        "ANA",
        "a na",
        "a-na",
        "a/na",
        "e\u0301",
        "\u00e9",
        "\ufb01",
        "fi",
        "\u017f",
        "s",
        "x" * 60,
        "x" * 70,
    ]
    names = FileNames()
    files = [names.of(name) for name in same]
    assert len({file.casefold() for file in files}) == len(same)
    again = FileNames()
    assert [again.of(name) for name in same] == files


@given(st.lists(st.text(), max_size=8))
def test_any_name_is_a_safe_file(texts: list[str]) -> None:
    names = FileNames()
    files = [names.of(text) for text in texts]
    assert len({file.casefold() for file in files}) == len(files)
    for file in files:
        assert file.strip(" .-") == file != ""
        assert len(file.encode()) < 240
        assert not set(file) & set('/\\:*?"<>|\0\n\u202e')
