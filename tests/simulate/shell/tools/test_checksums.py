"""Tests of `simulate.shell.tools.checksums`."""

from __future__ import annotations

import hashlib

import pytest

from tests.simulate.containers.sandbox import ran as in_container
from tests.simulate.node.sample import said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.tools.checksums import digest

SUM = hashlib.sha512(b"miner\n").hexdigest()


def test_digests():
    assert digest("sha512sum", "miner\n") == SUM
    assert said("sha512sum /opt/miner").out == f"{SUM}  /opt/miner\n"
    assert said("echo miner | sha512sum").out == f"{SUM}  -\n"
    assert said("sha256sum /opt/none").code == 1


@each_row(
    ("line", "options", "code", "out"),
    [
        (f"{SUM}  /opt/miner", "", 0, "/opt/miner: OK\n"),
        (f"{SUM.upper()} */opt/miner", "", 0, "/opt/miner: OK\n"),
        (f"{'0' * 128}  /opt/miner", "", 1, "/opt/miner: FAILED\n"),
        (f"{SUM}  /opt/none", "", 1, "/opt/none: FAILED open or read\n"),
        (f"{SUM}  /opt/none", "--ignore-missing", 1, ""),
        (f"{SUM}  /opt/miner", "--status", 0, ""),
        (f"{SUM}  /opt/miner", "--quiet", 0, ""),
        ("nonsense", "", 1, ""),
    ],
)
def test_lists(line, options, code, out):
    ran = said(f"echo '{line}' | sha512sum {options} -c")
    assert (ran.code, ran.out) == (code, out)


def test_what_is_outside():
    with pytest.raises(NotJudged):
        said("sha512sum --tag /opt/miner")


def test_what_is_in_a_file_of_an_image_is_not_known():
    assert (in_container("sha256sum /etc/passwd").code, in_container("sha256sum /etc/passwd").out) == (
        0,
        None,
    )
    assert in_container("sha256sum a").out == f"{digest('sha256sum', 'one' + chr(10) + 'two' + chr(10))}  a\n"
