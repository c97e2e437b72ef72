"""`sed`: the codes are GNU sed's 4.9."""

from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import left, ran
from trainer.errors import NotJudged


@pytest.mark.parametrize(
    ("text", "code", "out"),
    [
        ("sed s/one/three/ a", 0, "three\ntwo\n"),
        ("sed -e s/o/0/g a", 0, "0ne\ntw0\n"),
        ("echo /bin/x | sed 's#/bin#/usr/bin#'", 0, "/usr/bin/x\n"),
        ("sed '/one/d' a", 0, "two\n"),
        ("sed 's/one/1/; s/two/2/' a", 0, "1\n2\n"),
        ("sed -n 1p a", 0, None),
        ("sed 's/o.*/x/' a", 0, None),
        ("sed 2d a", 0, None),
        ("sed s/a/b/ none", 2, ""),
        ("sed", 1, ""),
        ("sed -i s/a/b/", 1, ""),
        ("sed -i s/a/b/ none", 2, ""),
        ("sed -i s/a/b/ d", 2, ""),
    ],
)
def test_codes_and_output(text: str, code: int, out: str | None) -> None:
    found = ran(text)
    assert (found.code, found.out) == (code, out)


def test_in_place() -> None:
    assert left("sed -i s/one/three/ a")["a"] == "three\ntwo\n"
    assert left("sed -ni 1p a")["a"] is None
    assert left("sed -Ei -e /two/d a")["a"] == "one\n"
    assert ran("sed -i s/a/b/ a", refusal="read-only").code == 4
    assert ran("sed -i s/a/b/ /etc/passwd").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "sed -i s/a/b/ /bin/bash",
        "sed -i.bak s/a/b/ a",
        "sed y/ab/cd/ a",
        "sed --posix s/a/b/ a",
        "sed -f x a",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)
