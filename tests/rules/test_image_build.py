"""Tests of the rule `image-build`: builds that stop, and downloads that nobody compares."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from tests.pictures import judging, wrong_cells
from tests.simulate.images.sample import BUILD
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.rules import image_build
from trainer.rules.image_build import Params
from trainer.simulate.images.files import program
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(image_build)

VERIFIED = msgspec.convert({"verified": True}, Params)
ADD = "ADD --chmod=755"
TOOL = "https://get.example/tool"


def outcome(text: str, params: Params = VERIFIED) -> Outcome:
    return judge(World((), texts={"Dockerfile": f"FROM alpine:3.20\n{text}"}, build=BUILD), params)


def checksum() -> str:

    return hashlib.sha256(program("tool").encode()).hexdigest()


def test_verified_downloads():
    for text in (
        f"{ADD} --checksum=sha256:{checksum()} {TOOL} /bin/tool",
        f"RUN wget -qO /t {TOOL} && echo '{checksum()}  /t' | sha256sum -c - && mv /t /bin/tool",
        f"RUN wget -qO /t {TOOL}\nRUN echo '{checksum()}  /t' > /s && sha256sum -c /s && rm /t /s",
        "RUN true",
        f"RUN wget -qO /t {TOOL}; rm /t",
    ):
        assert outcome(text).status is Status.PASS, text


@each_row(
    ("text", "line"),
    [
        (f"{ADD} {TOOL} /bin/tool", 2),
        ("RUN wget -qO- https://get.example/install.sh | sh", 2),
        (f"RUN true\nRUN wget -qO /t {TOOL} && sha256sum /t > /s", 3),
        (f"RUN wget -qO /t {TOOL} && (echo '{'0' * 64}  /t' | sha256sum -c || true)", 2),
    ],
)
def test_unverified_downloads(text, line):
    found = outcome(text)
    assert found.status is Status.FAIL
    assert found.reasons[0].location is not None
    assert found.reasons[0].location.line == line


def test_why_a_replaced_download_is_not_noticed():
    fetch, compare = f"RUN wget -qO /t {TOOL}", f"echo '{checksum()}  /t' | sha256sum -c"
    taken = "COPY --from=0 /t /t"
    for text, words in (
        (fetch, "nothing compares it with a checksum."),
        (
            f"{fetch} && \\\n ({compare} || true)",
            "`sha256sum -c` fails if it was replaced, but the build goes on.",
        ),
        (
            f"{fetch}\nFROM alpine:3.20 AS check\n{taken}\nRUN {compare}\nFROM alpine:3.20\n{taken}",
            "the comparison on line 5 isn't run",
        ),
    ):
        assert words in outcome(text).reasons[0].message


def test_a_build_that_stops():
    found = outcome("RUN true\nRUN cat /none")
    assert found.status is Status.FAIL
    assert found.reasons[0].message == "RUN fails: /none doesn't exist."
    assert found.evidence[0].startswith("docker build stops at line 3: process")


def test_files_that_a_command_with_the_secret_has_written():
    params = msgspec.convert({"secrets": ["token"]}, Params)
    for mount in ("type=secret,id=token,env=T", "type=secret,id=token", "type=bind,source=.env,target=/e"):
        with pytest.raises(NotJudged, match="whether /x has token, Dockerfile line 3"):
            outcome(f"RUN true\nRUN --mount={mount} uname -a > /x", params)
    # Without the secret, what is in the file doesn't matter.
    assert outcome("RUN --mount=type=cache,target=/c uname -a > /x", params).status is Status.PASS
    # What `env` writes is known: the secret, where the mount puts it into the environment.
    assert outcome("RUN --mount=type=secret,id=token,env=T env > /x", params).status is Status.FAIL
    assert outcome("RUN --mount=type=secret,id=token env > /x", params).status is Status.PASS


def test_what_is_not_judged():
    with pytest.raises(NotJudged, match="line 2"):
        outcome("RUN vi /x")
    with pytest.raises(NotJudged, match="line 2"):
        outcome("CMD sh -c 'vi x &'", msgspec.convert({"runs": {"program": "x"}}, Params))


def test_the_picture_has_layers_and_what_is_wrong_with_them() -> None:
    text = f"FROM alpine:3.20\n{ADD} {TOOL} /bin/tool\nUSER 1000\n"
    found = image_build.picture(World((), texts={"Dockerfile": text}, build=BUILD), VERIFIED)
    assert found.columns == ("changes", "finding")
    heads = {row.head: [cell.state.value for cell in row.cells] for row in found.rows}
    assert heads["line 3: the user"] == ["unasked"]
    assert [row.head.partition(":")[0] for row in found.rows if row.wrong] == ["line 2"]
    assert [cell.location and cell.location.line for cell in wrong_cells(found)] == [2]
