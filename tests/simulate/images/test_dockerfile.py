"""Tests of `simulate.images.dockerfile`: lines, directives, flags and forms as BuildKit reads them."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.images.dockerfile import (
    Broken,
    pairs,
    read_dockerfile,
    split_words,
    stage_name,
)


def read(text):
    return read_dockerfile(text).instructions


def test_lines_comments_and_continuations():
    text = "\ufeff# a comment\r\n\r\nfrom scratch\r\n  run a \\\r\n # inside\n\n  && b\\\n&& c\n\tUSER 1\n"
    found = [(one.name, one.line, one.rest) for one in read(text)]
    assert found == [("FROM", 3, "scratch"), ("RUN", 4, "a   && b&& c"), ("USER", 9, "1")]
    run = read(text)[1]
    assert [run.line_at(run.text.index(word)) for word in ("a", "&& b", "&& c")] == [4, 7, 8]


def test_a_backslash_before_the_last_one_is_no_continuation():
    assert [one.rest for one in read("FROM a\nRUN x \\\\\nUSER 1")] == ["a", "x \\\\", "1"]
    assert [one.rest for one in read("FROM a\nRUN x \\ \t\ny")] == ["a", "x y"]


def test_directives():
    assert read_dockerfile("# syntax = docker/dockerfile:1\n# escape=`\nFROM a\nRUN b `\nc\\\n").escape == "`"
    # After a comment, a directive is a comment.
    assert read_dockerfile("# x\n# escape=`\nFROM a").escape == "\\"
    with pytest.raises(Broken, match="Only one"):
        read("# escape=`\n# escape=`\nFROM a")
    with pytest.raises(Broken, match="escape character"):
        read("# escape=x\nFROM a")
    with pytest.raises(NotJudged, match="line 1"):
        read("# syntax=registry.example/frontend\nFROM a")


def test_forms():
    run, cmd, single, bad, broken = read(
        'FROM a\nRUN ["a", "b c"]\nCMD []\nENTRYPOINT [\'a\']\nCMD ["a" "b"]\nCMD [ "a", "b" ] x'
    )[1:]
    assert run.words == ("a", "b c")
    assert cmd.words == ()
    # What isn't JSON is a shell command.
    assert (single.words, bad.words, broken.words) == (None, None, None)
    with pytest.raises(Broken, match="strings only"):
        read('FROM a\nCMD ["a", 1]')


def test_flags():
    one = read('FROM a\nCOPY --from=b --chown="x:y" --link -- --src /d')[1]
    assert (one.flags, one.rest) == ((("from", "b"), ("chown", "x:y"), ("link", "true")), "--src /d")
    mounts = read("FROM a\nRUN --mount=type=secret,id=a --mount=type=cache,target=/c cmd --flag")[1]
    assert [value for _, value in mounts.flags] == ["type=secret,id=a", "type=cache,target=/c"]
    assert mounts.rest == "cmd --flag"


@each_row(
    ("text", "line", "words"),
    [
        ("", 1, "no instructions"),
        ("# only\n", 1, "no instructions"),
        ("FROM a\nRUNN x", 2, "Did you mean RUN"),
        ("FROM a\nCOPY --form=b c d", 2, "Did you mean --from"),
        ("FROM a\nCOPY --from=b --from=c d e", 2, "set twice"),
        ("FROM a\nCOPY --from d e", 2, "needs a value"),
        ("FROM a\nCOPY --link=2 d e", 2, "true or false"),
        ("FROM a\nRUN <<EOF\nx", 2, "no line EOF"),
        ("FROM a\nUSER --id=1 x", 2, "no flag"),
    ],
)
def test_what_is_refused(text, line, words):
    with pytest.raises(Broken, match=words) as caught:
        read(text)
    assert caught.value.line == line


def test_here_documents():
    one, two, three, last = read(
        "FROM a\nRUN <<EOF\n# not a comment\na \\\nEOF\nCOPY <<'A' <<-B /d/\n$x\nA\n\tb\n\tB\n"
        "RUN echo '<<C' \"$x\"\nUSER 1"
    )[1:]
    assert [(doc.name, doc.text, doc.expand) for doc in one.heredocs] == [
        ("EOF", "# not a comment\na \\\n", True)
    ]
    assert [(doc.name, doc.text, doc.expand) for doc in two.heredocs] == [
        ("A", "$x\n", False),
        ("B", "b\n", True),
    ]
    assert three.heredocs == ()
    assert last.line == 12


def test_stages_and_pairs():
    names = [stage_name(one) for one in read("FROM a\nFROM b:1@sha256:x As Build-1\nfrom c")]
    assert names == [("a", ""), ("b:1@sha256:x", "build-1"), ("c", "")]
    for text in ("FROM a b", "FROM a AS 1x", "FROM a IS b", "FROM"):
        with pytest.raises(Broken):
            stage_name(read(text)[0])
    env = read('FROM a\nENV A=1 B="x y" C=x\\ y\nENV D  e f = g\nENV A\nENV A=1 B')[1:]
    assert pairs(env[0], "\\") == [("A", "1"), ("B", '"x y"'), ("C", "x\\ y")]
    assert pairs(env[1], "\\") == [("D", "e f = g")]
    for one in env[2:]:
        with pytest.raises(Broken):
            pairs(one, "\\")
    assert split_words("a 'b c'  d\\ e \"\" ", "\\") == ["a", "'b c'", "d\\ e", '""']


def test_limits():
    with pytest.raises(NotJudged):
        read("FROM a\n" + "#" * 70_000)
