"""Tests of `simulate.images.facts`: what makes two images differ."""

from __future__ import annotations

from tests.simulate.images.sample import DIGEST, on
from trainer.simulate.images.facts import facts

TEXT = 'COPY app.py /a\nUSER 5\nCMD ["/a"]'


def test_what_differs():
    same = facts(on("alpine:3.20", TEXT))
    assert facts(on("alpine:3.20", f"LABEL a=b\n{TEXT}")) == same
    assert facts(on("alpine:3.20", f"RUN true\n{TEXT}")) == same
    others = {
        f"alpine@{DIGEST['alpine']}": TEXT,
        "alpine:3.20": TEXT.replace("USER 5", "USER 6"),
        "docker.io/alpine:3.20": f"{TEXT}\nRUN true && USER=1",
        "docker.io/library/alpine:3.20": f"COPY .env /b\nRUN rm /b\n{TEXT}",
        "index.docker.io/alpine:3.20": TEXT.replace("app.py", "--chmod=600 app.py"),
    }
    found = {base: facts(on(base, text)) != same for base, text in others.items() if "true" not in text}
    assert all(found.values())
    assert "Permission denied" in same["start"]
