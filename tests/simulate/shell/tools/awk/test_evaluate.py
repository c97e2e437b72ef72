"""Expressions of awk; the real awk agrees, if there is one."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import said
from tests.simulate.shell.real import assert_as_really
from tests.table import each_row
from trainer.errors import NotJudged

TEXT = "root:x:0:0::/root:/bin/bash\nanna:x:1001:100::/home/anna:/bin/bash\n\ntom b:x:1002:100::/home/t:/bin/sh\n"


@each_row(
    "command",
    [
        "awk -F: '$3 >= 1000 && $4 < 1000 {print $1\":\"$3}'",
        "awk -F: 'NF && ($7 ~ /bash$/) != ($3 == 0) {print $1, $NF, $(NF+1), NF-1}'",
        "awk '{$2=\"X\"; print; print NF; NF=1; print}'",
        "awk 'BEGIN {print 1/3, 10%3, 2^3^2, -2^2, 1e3, 7-2-1, !0, 1 -1, (\"a\" > 2 ? 3 : 4)}' < /dev/null",
        'awk \'BEGIN {print length("abc"), substr("hello", 2, 3), index("foobar", "bar"), toupper("a") tolower("B")}\'',
        'awk \'{n = gsub(/o/, "[&]\\\\&"); sub("^r", ""); print n, $0}\'',
        'awk -F: \'{print split($6, a, "/"), a[2], ("x" in a), (2 in a)}\'',
        "awk 'match($0, /10+/) {print RSTART, RLENGTH, substr($0, RSTART, RLENGTH)}'",
        "awk 'BEGIN {x = 1 " + "2 " * 300 + "; print x}'",
        "awk '{c[$1]++; x[1, 2]} END {for (k in x) {split(k, p, SUBSEP); print p[1] p[2]}; print c[\"none\"] + 0, length(c)}'",
        "awk 'BEGIN {x = 5; x += 2; x *= 3; x -= 1; x /= 4; x %= 3; x ^= 2; print x, x++ + ++x, x--, x}'",
        'awk \'BEGIN {a = "10"; b = 9; print (a > b), (a + 0 > b), sprintf("%s/%03d", a, b), int(-3.9)}\'',
        "awk -F'[:/]+' '{print NF, $2}'",
        'awk \'BEGIN {print 0 || "", 1 && "a", !"" , !"a"}\'',
    ],
)
def test_expressions(command: str) -> None:
    assert_as_really(command, TEXT)


@each_row(
    "command",
    [
        "awk 'BEGIN {print 1 / 0}'",
        "awk 'BEGIN {RS = \";\"}'",
        "awk 'BEGIN {$99999 = 1}'",
        "awk 'BEGIN {x[1] = 1; x = 2}'",
        "printf '%2000s' | awk '{for (i = 0; i < 1000; i++) split($0, a, \"\")}'",
        "awk 'BEGIN {while (1) x = x \"aa\"}'",
        "awk 'BEGIN {x = \"a\"; for (i = 0; i < 30; i++) x = x x}'",
    ],
)
def test_what_is_outside(command: str) -> None:
    with pytest.raises(NotJudged):
        said(command)
