"""Tests of `content.load`: a card's file to a `Card`."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.content.vary import Sets, alternatives
from trainer.content.wording import Wording
from trainer.errors import CardError
from trainer.verdict import Scope
from trainer.versions import DEFAULT, SUPPORTED, Version

PACK = Path(__file__).parents[1] / "fixtures" / "pack"
GOOD = """\
format: 1
id: good
title: Good
domain: runtime-security
competency: RT4
difficulty: easy
minutes: 3
prompt: Do it.
files: [pod.yaml]
checks:
  - id: exists
    says: It exists
    points: 2
    rule: object
    object: Pod sun/web
"""


def write(folder: Path, text: str, name: str = "good") -> Path:
    path = folder / "runtime-security" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path, pack: Pack | None = None) -> list[str]:
    with pytest.raises(CardError) as caught:
        load_card(path, pack)
    return [
        f"{problem.location.line}:{problem.location.column} {problem.location.path} {problem.message}"
        for problem in caught.value.problems
        if problem.location
    ]


@pytest.mark.parametrize("kubernetes", SUPPORTED)
def test_a_card_may_name_any_supported_version(tmp_path: Path, kubernetes: Version) -> None:
    assert load_card(write(tmp_path, f'{GOOD}kubernetes: "{kubernetes}"\n')).kubernetes == kubernetes


def test_an_unsupported_version_of_a_card_is_named_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, f'{GOOD}given: "{{}}"\nkubernetes: "1.9"\n')
    assert problems(path) == ["17:1 $.kubernetes Kubernetes 1.9 is not supported"]


def test_a_card_with_everything() -> None:
    card = load_card(PACK / "tasks" / "runtime-security" / "mini-pod.yaml")
    assert (card.id, card.points, card.kubernetes) == ("mini-pod", 6, DEFAULT)
    assert card.checks[1].needs == ("exists",)
    assert card.checks[0].params.others == "none"
    assert card.checks[0].scope is Scope.FILE
    assert "kind: Namespace" in card.given
    assert card.where.file == "mini-pod.yaml"


def test_all_problems_with_line_column_path_and_remedy(tmp_path: Path) -> None:
    text = GOOD.replace("format: 1", "format: 2").replace("minutes: 3", "minutes: often")
    text = text.replace("title: Good", "titel: Good").replace("points: 2", "points: two")
    text = text.replace("rule: object", "rule: objekt")
    path = write(tmp_path, text)
    assert problems(path) == [
        "3:1 $.titel unknown field 'titel'",
        "1:1 $.format invalid enum value 2",
        "1:1 $ 'title' is missing",
        "7:1 $.minutes must be a whole number, not text",
        "13:5 $.checks[0].points must be a whole number, not text",
        "14:5 $.checks[0].rule unknown rule 'objekt'",
    ]
    with pytest.raises(CardError) as caught:
        load_card(path)
    assert caught.value.problems[0].remedy == "did you mean 'title'?"


def test_parameters_of_the_rule(tmp_path: Path) -> None:
    text = GOOD + "    others: nobody\n    cuont: 2\n    need: [x]\n"
    found = problems(write(tmp_path, text))
    assert found[0].startswith("17:5 $.checks[0].cuont unknown field 'cuont'")
    assert found[1].startswith("18:5 $.checks[0].need unknown field 'need'")
    assert found[2].startswith("16:5 $.checks[0].others invalid enum value 'nobody'")


def test_a_misspelt_key_of_the_check_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(CardError) as caught:
        load_card(write(tmp_path, GOOD + "    need: [x]\n"))
    assert caught.value.problems[0].remedy == "did you mean 'needs'?"


CHECK = """\
  - id: {id}
    says: More
    points: 0
    needs: [{needs}]
    rule: object
    object: Pod sun/web
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (CHECK.format(id="exists", needs=""), "16:5 $.checks[1].id two checks have the ID 'exists'"),
        (CHECK.format(id="b", needs="exist"), "19:13 $.checks[1].needs[0] no check has the ID 'exist'"),
        (
            CHECK.format(id="b", needs="b"),
            "19:5 $.checks[1].needs 'b' needs itself, directly or through other checks",
        ),
        (
            CHECK.format(id="b", needs="exist").replace("needs", "needs_any"),
            "19:17 $.checks[1].needs_any[0] no check has the ID 'exist'",
        ),
        (
            CHECK.format(id="b", needs="c") + CHECK.format(id="c", needs="b").replace("needs", "needs_any"),
            "25:5 $.checks[2].needs_any 'c' needs itself, directly or through other checks",
        ),
        (CHECK.format(id="b", needs=""), "18:5 $.checks[1].points a check is worth at least 1 point"),
        (
            CHECK.format(id="b", needs="exists").replace(
                "needs: [exists]", "only_changes: [Pod sun/web, Pod a b]"
            ),
            "19:33 $.checks[1].only_changes[1] 'Pod a b' doesn't name an object",
        ),
    ],
)
def test_checks_that_contradict_each_other(tmp_path: Path, more: str, expected: str) -> None:
    assert expected in problems(write(tmp_path, GOOD + more))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: good", "id: Good One", "2:1 $.id 'Good One' is not a card ID"),
        ("minutes: 3", "minutes: 0", "7:1 $.minutes a card takes at least 1 minute"),
        (
            "competency: RT4",
            "competency: CS1",
            "5:1 $.competency 'CS1' is not a competency of runtime-security",
        ),
        ("prompt: Do it.", "prompt: ''", "8:1 $.prompt 'prompt' is empty"),
        (
            "files: [pod.yaml]",
            "files: [../pod.yaml]",
            "9:9 $.files[0] '../pod.yaml' leads out of the answer's folder",
        ),
        *(
            ("files: [pod.yaml]", f"files: [{written}]", f"9:9 $.files[0] {name!r} {words}")
            for written, name, words in (
                ("x" * 300, "x" * 300, "is too long for a file"),
                ("a/" * 600 + "b", "a/" * 600 + "b", "is too long for a file"),
                ('"a\\0b"', "a\0b", "has a character that can't be shown"),
                ('"a\\e[2J"', "a\x1b[2J", "has a character that can't be shown"),
                ("a/../b", "a/../b", "leads out of the answer's folder"),
                ("a//b", "a//b", "isn't the name of a file"),
                ("a/", "a/", "isn't the name of a file"),
                (".hidden", ".hidden", "is never read"),
                ("pod.yaml~", "pod.yaml~", "is never read"),
                ("given/x.yaml", "given/x.yaml", "is never read"),
                ("a/b/c/d/e", "a/b/c/d/e", "is nested more than 4 folders deep"),
            )
        ),
        (
            "files: [pod.yaml]",
            "files: [pod, pod/a.yaml]",
            "9:1 $.files 'pod' is a file and the folder of another",
        ),
        ("prompt:", 'given_files: {"a\\0": x}\nprompt:', "8:15 $.given_files"),
        ("prompt:", f"given_files: {{{'x' * 300}: x}}\nprompt:", "8:15 $.given_files"),
        (
            "prompt:",
            "node_files: {/a/../../b: x}\nprompt:",
            "8:14 $.node_files[/a/../../b] '/a/../../b' leads out",
        ),
        (
            "prompt:",
            "node_files: {etc/x: x}\nprompt:",
            "8:14 $.node_files[etc/x] 'etc/x' is not an absolute path",
        ),
        (
            "prompt:",
            "start: {a.yaml: x}\nprompt:",
            "8:9 $.start[a.yaml] 'a.yaml' is not one of the card's `files`",
        ),
        (
            "prompt:",
            "replaces: {a.yaml: /etc/a}\nprompt:",
            "8:12 $.replaces[a.yaml] 'a.yaml' is not one of the card's `files`",
        ),
        (
            "prompt:",
            "replaces: {pod.yaml: etc/a}\nprompt:",
            "8:12 $.replaces[pod.yaml] 'etc/a' is not an absolute path on a node",
        ),
        ("prompt:", "given: |\n  a: b\n  c: [\nprompt:", "11:1 $.given not valid YAML"),
        (
            "prompt:",
            "given: |\n  apiVersion: v1\n  kind: Pot\nprompt:",
            "9:1 $.given no matches for kind `Pot`",
        ),
        ("object: Pod sun/web", "object: sun", "11:3 $.checks[0] 'sun' doesn't name an object"),
    ],
)
def test_values_that_cannot_be(tmp_path: Path, old: str, new: str, expected: str) -> None:
    found = problems(write(tmp_path, GOOD.replace(old, new)))
    assert any(problem.startswith(expected) for problem in found), found


def test_the_place_of_the_file_is_checked_with_its_pack(tmp_path: Path) -> None:
    pack = Pack(tmp_path, tmp_path)
    path = write(tmp_path, GOOD.replace("runtime-security", "cluster-setup").replace("RT4", "CS1"), "other")
    assert problems(path, pack) == [
        "2:1 $.id the file name is other.yaml",
        "4:1 $.domain the file is in runtime-security/",
    ]


def test_without_rules_parameters_are_left_alone(tmp_path: Path) -> None:
    card = load_card(write(tmp_path, GOOD.replace("rule: object", "rule: later")), rules=False)
    assert card.checks[0].rule == "later"


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "a: 1\n---\nb: 1\n", "a: 1\na: 2\n"])
def test_what_is_no_card_at_all(tmp_path: Path, text: str) -> None:
    with pytest.raises(CardError):
        load_card(write(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="does not exist"):
        load_card(tmp_path / "no.yaml")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("says: It exists", "says: {It: exists}", "$.checks[0].says must be text, not a mapping"),
        ("title: Good", "title: 5", "$.title must be text, not a number"),
        ("prompt: Do it.", "prompt: {Do: it}", "$.prompt must be text, not a mapping"),
        ("files: [pod.yaml]", "files: pod.yaml", "$.files must be a list, not text"),
    ],
)
def test_wrong_types_are_said_in_words_of_yaml(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert any(expected in found for found in problems(write(tmp_path, GOOD.replace(old, new, 1))))


def test_a_misspelled_expectation_is_told_at_its_own_line(tmp_path: Path) -> None:
    expect = "    rule: fields\n    object: Pod sun/web\n    expect:\n      spec:\n        hostPid: false\n"
    text = GOOD.replace("    rule: object\n    object: Pod sun/web\n", expect)
    with pytest.raises(CardError) as caught:
        load_card(write(tmp_path, text))
    [problem] = caught.value.problems
    assert problem.location is not None
    assert (problem.location.line, problem.remedy) == (18, "did you mean 'hostPID'?")


def test_a_given_starter_is_checked_like_given_objects(tmp_path: Path) -> None:
    start = "start:\n  pod.yaml: |\n    apiVersion: v1\n    kind: Pot\nstart_given: [pod.yaml]\nprompt:"
    [found] = problems(write(tmp_path, GOOD.replace("prompt:", start, 1)))
    assert found.startswith("10:")
    assert "no matches for kind `Pot`" in found
    [found] = problems(write(tmp_path, GOOD.replace("prompt:", "start_given: [pod.yaml]\nprompt:", 1)))
    assert found.endswith("'pod.yaml' isn't a file of `start`")


VARIED = f"""{GOOD}given: |
  apiVersion: v1
  kind: Namespace
  metadata: {{name: sun}}
hints: [Look at sun/web., Not at sunday.]
docs: [https://kubernetes.io/docs/sun/]
vary:
  - {{sun: [moon], good: [better], exists: [is-there]}}
"""


def _first(card_id: str, sets: Sets) -> Wording:
    assert card_id == "good"
    return alternatives(sets)[0]


def test_another_wording_changes_everything_but_ids_and_links(tmp_path: Path) -> None:
    path = write(tmp_path, VARIED.replace("Do it.", "Do it in `sun` for `good`."))
    card = load_card(path, choose=_first)
    assert (card.seed, card.id, card.checks[0].id) == (1, "good", "exists")
    assert card.prompt == "Do it in `moon` for `better`."
    assert card.hints == ("Look at moon/web.", "Not at sunday.")
    assert "name: moon" in card.given
    assert card.checks[0].settings["object"] == "Pod moon/web"
    assert card.docs == ("https://kubernetes.io/docs/sun/",)
    assert card.vary == load_card(path).vary


def test_words_are_checked_only_for_another_wording(tmp_path: Path) -> None:
    path = write(tmp_path, VARIED.replace("[moon]", "[8080]"))
    with pytest.raises(CardError):
        load_card(path)  # a number where YAML needs text
    path = write(tmp_path, VARIED.replace("[moon]", "[Moon]"))
    assert load_card(path).seed == 0
    with pytest.raises(CardError) as caught:
        load_card(path, choose=_first)
    (problem,) = caught.value.problems
    assert "'Moon' can't stand for 'sun'" in problem.message
    assert problem.location is not None
    assert problem.location.path == "$.vary[0].sun[0]"


def test_a_wording_that_breaks_the_card_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, f"{GOOD}vary:\n  - {{object: [item]}}\n")
    with pytest.raises(CardError) as caught:
        load_card(path, choose=_first)
    assert caught.value.problems[0].message == "unknown rule 'item'"
