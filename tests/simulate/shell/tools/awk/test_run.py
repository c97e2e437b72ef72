"""Statements of awk; the real awk agrees, if there is one."""

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
        "awk 'NR == 2; NR > 1 && NR < 4; END {print NR}'",
        "awk '/anna/, /^$/ {print FNR}; !seen[$1]++'",
        'awk -F: \'/anna/ {print $3; exit 3} {next; print "no"} END {print "end"}\'',
        "awk 'BEGIN {for (i = 1; i <= 5; i++) {if (i == 2) continue; if (i > 3) break; print i}; while (i > 0) i--; do i++; while (i < 3); print i}'",
        "awk '{a[NR] = $0} END {for (i = NR; i > 0; i--) print a[i]; delete a; print length(a)}'",
        'awk -F: \'{if ($3 > 1000) print "user"; else if (NF) print "system"\nelse print "empty"}\'',
        'awk -v OFS=- \'{print $1, NF; printf "%s ", $1} END {print ""; print("p", "q"); print ("x")("y")}\'',
        "awk 'BEGIN {exit} END {print NR}'",
        "awk '1; 0'",
    ],
)
def test_statements(command: str) -> None:
    assert_as_really(command, TEXT)


def test_what_runs_too_long() -> None:
    for text in ("BEGIN {for (;;) ;}", "BEGIN {while (1) {}}", "END {do i++; while (1)}"):
        with pytest.raises(NotJudged):
            said(f"awk '{text}'")
    with pytest.raises(NotJudged):
        said("awk 'BEGIN {next}'")
