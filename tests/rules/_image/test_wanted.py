"""Tests of `rules._image.wanted`: what is found wrong, at which line."""

from __future__ import annotations

import msgspec

from tests.simulate.images.sample import BUILD, DIGEST, TOKEN
from tests.table import each_row
from trainer.rules.image_build import Params, judge
from trainer.simulate.world import World
from trainer.verdict import Status

ALPINE = "FROM alpine:3.20\n"
STATIC = "FROM gcr.io/distroless/static\n"
SHOP = 'COPY bin/shop /shop\nENTRYPOINT ["/shop"]\n'
RUNS = {"runs": {"program": "shop"}}
PYTHON = {"runs": {"program": "python", "script": "app.py", "beside": ["src/lib/a.txt"]}}
APP = "COPY --chmod=755 bin/shop /tmp/x\nCOPY bin/python /bin/python\n"
PINNED = {"pinned": "all"}
PINNED_STATIC = f"FROM gcr.io/distroless/static@{DIGEST['static']}\n"
DEBIAN = "FROM debian:12-slim\n"
WRITABLE = {"writable": ["/d"]}
SECRET = {"secrets": ["token"]}
EVERYWHERE = {"secrets": ["token"], "everywhere": True}


def told(text, **params):
    build = {**BUILD, "context": {**BUILD["context"], "bin/python": {"program": "python"}}}
    outcome = judge(World((), texts={"Dockerfile": text}, build=build), msgspec.convert(params, Params))
    assert (outcome.status is Status.FAIL) == bool(outcome.reasons)
    assert len(outcome.evidence) >= bool(outcome.reasons)
    return [(one.location.line if one.location else 0, one.message) for one in outcome.reasons]


@each_row(
    ("text", "params"),
    [
        (f"{STATIC}USER 65532", {"user": "numeric"}),
        (f"{STATIC}USER nonroot", {"user": "not-root"}),
        (f"{ALPINE}USER 0\nUSER 7:0", {"user": "numeric", "ids": [7]}),
        (
            f"FROM alpine@{DIGEST['alpine']} AS a\nFROM scratch\nCOPY --from=a /etc/passwd /",
            {"pinned": "all"},
        ),
        ("FROM alpine:3.20 AS a\nFROM scratch\nCOPY --from=a /etc/passwd /", {"pinned": "final"}),
        ("FROM alpine:3.20 AS unused\nFROM scratch\nCOPY app.py /", {"pinned": "all"}),
        (f"{PINNED_STATIC}COPY --from=alpine:3.20@{DIGEST['alpine']} /etc/passwd /x", PINNED),
        ("FROM scratch\nCOPY app.py /", {"bases": ["scratch"]}),
        (f"{ALPINE}RUN --mount=type=secret,id=token cat /run/secrets/token > /dev/null", EVERYWHERE),
        (f"{ALPINE}COPY .env /x\nFROM scratch\nCOPY app.py /", SECRET),
        (f"{STATIC}COPY app.py /", {"without": ["shell", "package-manager", "compiler", "downloader"]}),
        (f"{ALPINE}RUN rm /sbin/apk", {"without": ["package-manager", "compiler"]}),
        (f"{ALPINE}COPY app.py /x\nRUN rm /x", {"absent": ["/x"]}),
        (f"{ALPINE}RUN apk add --no-cache curl", {"never": ["/var/cache/apk/*"]}),
        (f"{ALPINE}COPY app.py /x", {"present": {"/x": "app.py", "/etc/passwd": ""}}),
        (f"{ALPINE}RUN mkdir /d && chown 7 /d\nUSER 7", {"writable": ["/d", "/tmp"]}),  # noqa: S108 - of the image
        (f"{STATIC}{SHOP}USER 5", RUNS),
        (f'{STATIC}{SHOP}CMD ["-v"]', {"runs": {"program": "shop", "args": ["-v"]}}),
        (f'{ALPINE}{APP}COPY . /app\nCMD ["python", "/app/app.py"]', PYTHON),
        (f"{ALPINE}{APP}COPY . /\nWORKDIR /app\nCOPY app.py .\nCMD python app.py", PYTHON),
        (f"{ALPINE}EXPOSE 80 443/tcp", {"ports": ["443", "80/tcp"]}),
        (f"{ALPINE}COPY src /app\nUSER 7", {"fixed": ["/app"]}),
        (f"{ALPINE}USER jane", {"absent": ["/x"]}),
        (f"{ALPINE}COPY --chown=7 src /app\nUSER 8:9", {"fixed": ["/app"]}),
        (f"{ALPINE}RUN apk add --no-cache curl", {"packages": ["curl"]}),
        (f"{ALPINE}RUN apk add --no-cache curl && apk del curl", {"packages": []}),
        (
            f"{ALPINE}ADD --chmod=755 https://get.example/tool /t\nUSER 7",
            {"present": {"/t": "https://get.example/tool"}},
        ),
    ],
)
def test_right(text, params):
    assert told(text, **params) == []


@each_row(
    ("text", "params", "line", "words"),
    [
        (f"{STATIC}COPY app.py /", {"user": "not-root"}, 1, "No USER is set"),
        (f"{STATIC}USER 5\nUSER root", {"user": "not-root"}, 3, "`USER root` is root"),
        (f"{STATIC}USER 00", {"user": "numeric"}, 2, "root"),
        (f"{STATIC}USER nonroot:nonroot", {"user": "numeric"}, 2, "name nonroot"),
        (f"{STATIC}USER 5", {"ids": [7]}, 2, "user 5; 7 is required"),
        (f"{STATIC}USER jane", {"user": "not-root"}, 2, "unable to find user jane"),
        (
            "FROM alpine:3.20 AS a\nFROM scratch\nCOPY --from=a /etc/passwd /",
            {"pinned": "all"},
            1,
            "alpine:3.20",
        ),
        (f"{ALPINE}", {"pinned": "final"}, 1, "isn't pinned"),
        (f"{ALPINE}", {"bases": ["scratch"]}, 1, "based on alpine:3.20"),
        (f"{ALPINE}COPY .env /x\nRUN rm /x", SECRET, 2, "the layer keeps it"),
        (f"{ALPINE}COPY . /src", SECRET, 2, "/src/.env"),
        (f"{ALPINE}ARG T={TOKEN}\nRUN echo", SECRET, 2, "history"),
        (f"{ALPINE}ENV T={TOKEN}", SECRET, 2, "history"),
        (f"{ALPINE}LABEL T={TOKEN}", SECRET, 2, "history"),
        (f"{ALPINE}RUN echo {TOKEN} | cat > /dev/null", SECRET, 2, "history"),
        (f"{ALPINE}ONBUILD ENV T={TOKEN}", SECRET, 2, "onbuild"),
        (f"{ALPINE}RUN --mount=type=secret,id=token cp /run/secrets/token /t && chmod 0 /t", SECRET, 2, "/t"),
        ("FROM alpine:3.20 AS a\nCOPY .env /x\nFROM a\nRUN rm /x", SECRET, 2, "the layer keeps it"),
        (
            "FROM alpine:3.20 AS a\nCOPY .env /x\nFROM scratch\nCOPY --from=a /bin/sh /",
            EVERYWHERE,
            2,
            "stage a",
        ),
        (f"{ALPINE}", {"without": ["shell"]}, 1, "comes with the base"),
        (
            f"{STATIC}COPY --from=alpine:3.20 /bin/sh /tool",
            {"without": ["shell"]},
            2,
            "/tool comes with line 2",
        ),
        (f"{ALPINE}RUN apk add --no-cache curl", {"without": ["downloader"]}, 1, "/bin/wget"),
        (
            "FROM debian:12-slim\nRUN apt-get update && apt-get install -y gcc",
            {"without": ["compiler"]},
            2,
            "gcc",
        ),
        (f"{ALPINE}COPY . /c", {"absent": ["*/.git/*"]}, 2, "/c/.git/config"),
        (
            f"{ALPINE}RUN apk update\nRUN rm -rf /var/cache/apk/*",
            {"never": ["/var/cache/apk/*"]},
            2,
            "keeps it",
        ),
        (f"{ALPINE}COPY --chmod=600 app.py /x\nUSER 7", {"present": {"/x": "app.py"}}, 2, "can't read"),
        (f"{ALPINE}COPY run.sh /x", {"present": {"/x": "app.py"}}, 2, "isn't app.py"),
        (f"{ALPINE}", {"present": {"/x": ""}}, 1, "no /x"),
        (f"{ALPINE}RUN mkdir /d\nUSER 7", {"writable": ["/d"]}, 2, "belongs to user 0 and has mode 0755"),
        (f"{ALPINE}USER 5 # not root", {"user": "not-root"}, 2, "unable to find user 5 # not root"),
        (f"{ALPINE}USER 5 # not root", {"writable": ["/tmp"]}, 1, "unable to find user"),  # noqa: S108
        (f"{ALPINE}USER 7", {"writable": ["/d"]}, 1, "no directory"),
        (f"{STATIC}COPY bin/shop /shop\nCMD /shop", RUNS, 3, "No container starts: `/shop` is for /bin/sh"),
        (f"{STATIC}COPY bin/shop /shop", RUNS, 1, "neither ENTRYPOINT nor CMD"),
        (f'{ALPINE}{APP}CMD ["python"]', RUNS, 4, "runs python, not shop"),
        (
            f'{STATIC}{SHOP}CMD ["-v"]',
            {"runs": {"program": "shop", "args": []}},
            4,
            "gets -v instead of no arguments",
        ),
        (f'{ALPINE}{APP}COPY app.py /x\nCMD ["python", "app.py"]', PYTHON, 5, "that path has no such file"),
        (f'{ALPINE}{APP}COPY app.py /x.py\nCMD ["python", "x.py"]', PYTHON, 1, "lacks src/lib/a.txt"),
        (
            f'{ALPINE}{APP}COPY . /\nRUN chmod 600 /src/lib/a.txt\nUSER 7\nCMD ["python", "app.py"]',
            PYTHON,
            5,
            "can't read /src/lib/a.txt",
        ),
        (f"{ALPINE}USER 7", {"ports": ["443"]}, 1, "exposes no port; 443/tcp is required"),
        (f"{ALPINE}EXPOSE 80\nUSER 7", {"ports": ["443"]}, 2, "exposes 80/tcp; 443/tcp is required"),
        (
            f"{ALPINE}COPY --chown=7 src /app\nUSER 7",
            {"fixed": ["/app"]},
            2,
            "can change /app: it belongs to user 7",
        ),
        (
            f"{ALPINE}COPY src /app\nRUN chmod 666 /app/main.go\nUSER 7",
            {"fixed": ["/app"]},
            3,
            "/app/main.go",
        ),
        (f"{ALPINE}COPY src /app\nRUN chmod -R g+w /app\nUSER 7", {"fixed": ["/app/lib"]}, 3, "mode 0775"),
        (f"{ALPINE}COPY src /app", {"fixed": ["/app"]}, 2, "User 0 can change /app"),
        (f"{ALPINE}RUN apk add --no-cache curl", {"packages": ["ca-certificates"]}, 2, "package curl"),
        (
            f"{ALPINE}ADD --chmod=644 https://get.example/tool /t\nUSER 7",
            {"present": {"/t": "https://get.example/tool"}},
            2,
            "can't run /t",
        ),
        (f"{ALPINE}RUN false", {"user": "not-root"}, 2, "RUN fails"),
        (
            f"{ALPINE}RUN --mount=type=secret,id=token,env=T touch /tmp/$T",
            EVERYWHERE,
            2,
            "Line 2 puts /tmp/<token> with token into a layer",
        ),
        (f"{STATIC}COPY --from=alpine:3.20 /etc/passwd /x", PINNED, 1, "static:latest isn't pinned"),
        (
            f"{PINNED_STATIC}COPY --from=alpine:3.20 /etc/passwd /x",
            PINNED,
            2,
            "alpine:3.20, which `from=` names",
        ),
        (
            f"FROM alpine@{DIGEST['alpine']}\nRUN --mount=type=bind,from=alpine:3.20,target=/m true",
            PINNED,
            2,
            "alpine:3.20, which `from=` names",
        ),
        (
            f"{STATIC}COPY app.py /etc/x",
            {"present": {"/etc/x/app.py": ""}},
            2,
            "/etc/x is a file, from line 2",
        ),
        (
            f"{STATIC}COPY app.py /etc/",
            {"present": {"/app.py": "app.py"}},
            2,
            "line 2 puts it at /etc/app.py",
        ),
        (f"{ALPINE}RUN mkdir /d\nRUN chgrp 7 /d && chmod 770 /d\nUSER 7", WRITABLE, 3, "isn't in group 7"),
        (
            f"{ALPINE}COPY src /app\nRUN chown 7 /app\nUSER 7",
            {"fixed": ["/app"]},
            3,
            "User 7 can change /app",
        ),
        (
            f"{DEBIAN}RUN apt-get update && apt-get install -y curl && apt-get purge -y curl",
            {"packages": []},
            2,
            "`--auto-remove` removes it, too",
        ),
    ],
)
def test_wrong(text, params, line, words):
    found = told(text, **params)
    assert found
    assert found[0][0] == line
    assert words in found[0][1]
    assert TOKEN not in str(found)
