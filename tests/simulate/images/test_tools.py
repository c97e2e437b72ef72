"""Tests of `simulate.images.tools`: declared tools and downloads."""

from __future__ import annotations

import msgspec
import pytest

from tests.simulate.images.sample import BUILD, TOKEN, built, content, mode, on, stops
from trainer.errors import NotJudged
from trainer.simulate.images.build import build
from trainer.simulate.images.files import loader_of
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.images.tools import TAMPERED

GCC = "COPY . .\nRUN apk add --no-cache gcc\n"


def test_a_tool_writes_where_it_is_told():
    image = on("alpine:3.20", f"WORKDIR /w\n{GCC}RUN gcc . && gcc -s -O 2 -o /out/x && gcc -o=/etc/ .")
    assert {content(image, path) for path in ("/w/shop", "/out/x", "/etc/shop")} == {
        content(image, "/w/shop")
    }
    assert mode(image, "/out/x")[2] == 0o755
    image = on("alpine:3.20", f"{GCC}RUN GCCBIN=/bins gcc . && GCCBIN=/bins gcc -o /other .")
    assert content(image, "/bins/shop") == content(image, "/other")
    assert content(image, "/shop") is None
    assert "src/main.go doesn't exist" in stops("FROM alpine:3.20\nRUN apk add --no-cache gcc && gcc .").why
    assert "not found" in stops("FROM alpine:3.20\nCOPY . .\nRUN gcc .").why
    for text in ("gcc --magic", "gcc show --magic", "gcc other"):
        with pytest.raises(NotJudged):
            on("alpine:3.20", f"{GCC}RUN {text}")
    assert on("alpine:3.20", f"{GCC}RUN gcc show -v /any thing && du -sh / && df -h && nproc")


def test_static_and_dynamic():
    for text, loader in (
        ("gcc .", "/lib/ld-musl-x86_64.so.1"),
        ("STATIC=1 gcc .", ""),
        ("env STATIC=1 gcc .", ""),
    ):
        assert loader_of(content(on("alpine:3.20", f"{GCC}RUN {text}"), "/shop") or "") == loader
    assert loader_of(content(on("alpine:3.20", f"{GCC}ENV STATIC=1\nRUN gcc ."), "/shop") or "") == ""


def test_a_tool_that_needs_a_secret():
    gcc = "RUN apk add --no-cache gcc\n"
    for text in (
        "ARG TOKEN=tk-4711\nRUN gcc fetch",
        "RUN --mount=type=secret,id=token,env=TOKEN gcc fetch",
        "RUN --mount=type=secret,id=token,env=T echo 'password=${T}' > ~/.netrc && T=$T gcc fetch",
        "RUN --mount=type=secret,id=token TOKEN=$(cat /run/secrets/token) gcc fetch",
        f"RUN echo password={TOKEN} > .netrc && gcc fetch",
    ):
        assert content(on("alpine:3.20", f"{gcc}{text}"), "/deps/a") == "a dependency\n"
    assert "401" in stops(f"FROM alpine:3.20\n{gcc}RUN gcc fetch").why
    assert "401" in stops(f"FROM alpine:3.20\n{gcc}RUN TOKEN=$(cat /none); gcc fetch").why
    # The file must have the form that the tool reads.
    mount = "--mount=type=secret,id=token,target=/root/.netrc"
    assert "401" in stops(f"FROM alpine:3.20\n{gcc}RUN {mount} gcc fetch").why


def test_downloads():
    image = on(
        "alpine:3.20",
        "RUN wget https://get.example/tool && wget -qO /b https://get.example/tool && wget -qO- "
        "https://get.example/install.sh | sh\n"
        "RUN apk add --no-cache curl && curl -fsSLo /c https://get.example/tool && curl -sO https://get.example/tool",
    )
    assert content(image, "/tool") == content(image, "/b") == content(image, "/c")
    assert content(image, "/usr/local/bin/tool") == "installed\n"
    assert "404" in stops("FROM alpine:3.20\nRUN wget https://get.example/none").why
    assert "404" in stops("FROM alpine:3.20\nRUN wget http://get.example/tool").why
    # Without -f, curl stores the error page.
    image = on("alpine:3.20", "RUN apk add --no-cache curl && curl -o /x https://get.example/none")
    assert content(image, "/x") == "404 page not found\n"
    for text in ("wget https://other.example/x", "wget --post-data=x https://get.example/tool"):
        with pytest.raises(NotJudged):
            on("alpine:3.20", f"RUN {text}")


def test_replaced_downloads():
    text = "FROM alpine:3.20\nADD https://get.example/tool /t"
    assert content(built(text, tampered=True), "/t") == TAMPERED
    assert content(built(text), "/t") != TAMPERED


def test_ldd_tells_static_programs():
    static = "RUN STATIC=1 gcc . && ! ldd /shop && ! ldd /none"
    assert on("alpine:3.20", f"{GCC}{static}")
    assert on("alpine:3.20", f"{GCC}RUN gcc . && ldd /shop")
    assert "not a dynamic executable" in stops(f"FROM alpine:3.20\n{GCC}RUN STATIC=1 gcc . && ldd /shop").why
    with pytest.raises(NotJudged):
        on("alpine:3.20", f"{GCC}RUN gcc . && ldd -v /shop")


def test_getent_tells_accounts():
    image = on(
        "alpine:3.20",
        "RUN getent passwd root > /p && getent group 0 > /g\n"
        "RUN getent passwd 10001 || adduser -D -u 10001 app\nRUN getent passwd app 10001 > /a",
    )
    assert content(image, "/p") == "root:x:0:0:root:/root:/bin/sh\n"
    assert (content(image, "/g") or "").startswith("root:x:0:")
    assert (content(image, "/a") or "").count("app:x:10001:") == 2
    assert stops("FROM alpine:3.20\nRUN getent passwd jane").line == 2
    with pytest.raises(NotJudged):
        on("alpine:3.20", "RUN getent hosts web")


def test_what_programs_see_is_written_to_files():
    image = on("alpine:3.20", "ENV A=1\nRUN B=2 env > /e; printenv A NONE > /p; printenv > /q")
    assert {"A=1", "B=2"} <= set((content(image, "/e") or "").splitlines())
    assert content(image, "/p") == "1\n"
    assert "B=2" not in (content(image, "/q") or "")


def test_go_installs_programs_from_elsewhere():
    given = {
        **BUILD,
        "bases": {"go": {"digest": "sha256:1", "family": "alpine", "programs": ["/usr/bin/go"]}},
    }
    text = "FROM go\nRUN go install -v example.com/tools/cmd/check@latest && GOBIN=/b go install example.com/lint/v2@v2.1.0"
    image = build(msgspec.convert(given, BuildGiven), text, "", tampered=False)
    assert mode(image, "/go/bin/check")[2] == mode(image, "/b/lint")[2] == 0o755
