"""A registry, a context and tools for tests of builds."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from trainer.simulate.images.build import Built, build
from trainer.simulate.images.dockerfile import Broken
from trainer.simulate.images.given import BuildGiven

DIGEST = {
    name: f"sha256:{letter * 64}" for name, letter in (("debian", "a"), ("alpine", "b"), ("static", "c"))
}
TOKEN = "tk-4711"
BUILD: dict[str, Any] = {
    "bases": {
        "debian:12-slim": {"digest": DIGEST["debian"], "family": "debian", "size": 75},
        "alpine:3.20": {"digest": DIGEST["alpine"], "family": "alpine", "size": 8},
        "gcr.io/distroless/static:latest": {
            "digest": DIGEST["static"],
            "users": {"nonroot": 65532},
            "files": {"/etc/ssl/ca.crt": "certificates\n"},
        },
        "registry.example/trigger:1": {
            "digest": f"sha256:{'d' * 64}",
            "family": "alpine",
            "entrypoint": ["/bin/sh", "-c"],
            "cmd": ["true"],
            "onbuild": ["COPY app.py /srv/", "RUN touch /triggered"],
        },
    },
    "context": {
        "app.py": "print('hello')\n",
        "run.sh": {"content": '#!/bin/sh\nset -e\ncd /\nexec shop "$@"\n', "mode": "0755"},
        "src/main.go": "package main\n",
        "src/lib/a.txt": "a\n",
        "src/lib/b.md": "b\n",
        ".env": f"TOKEN={TOKEN}\n",
        ".git/config": f"url = https://x:{TOKEN}@git.example\n",
        "bin/shop": {"program": "shop"},
        "bin/glibc": {"program": "shop", "interpreter": "/lib64/ld-linux-x86-64.so.2"},
    },
    "args": {"VERSION": "7"},
    "secrets": {"token": {"value": TOKEN, "id": "token"}},
    "packages": {
        "curl": {"files": ["/usr/bin/curl"], "depends": ["ca-certificates"]},
        "ca-certificates": {"files": ["/etc/ssl/certs/ca-certificates.crt"]},
        "gcc": {"files": ["/usr/bin/gcc"]},
        "tini": {"families": ["debian"], "files": ["/usr/bin/tini"]},
    },
    "tools": {
        "gcc": {
            "program": "gcc",
            "reads": ["src/main.go"],
            "writes": {"shop": {"program": "shop"}},
            "output": "-o",
            "folder_env": "GCCBIN",
            "options": ["-s", "-O="],
            "operands": ["."],
            "static_with": {"STATIC": "1"},
            "runs_with": {"CPU": "amd64"},
        },
        "gcc show": {"program": "gcc", "options": ["-v"], "operands": ["*"]},
        "gcc fetch": {
            "program": "gcc",
            "writes": {"deps/a": "a dependency\n"},
            "secret": "token",
            "secret_files": ["~/.netrc", ".netrc"],
            "secret_env": ["TOKEN"],
            "secret_form": "password={}",
        },
    },
    "downloads": {
        "https://get.example/tool": {"program": "tool"},
        "https://get.example/install.sh": "#!/bin/sh\necho installed > /usr/local/bin/tool\nchmod 755 /usr/local/bin/tool\n",
    },
}
GIVEN = msgspec.convert(BUILD, BuildGiven)


def built(text: str, ignore: str = "", *, tampered: bool = False) -> Built:
    """What a Dockerfile builds."""
    return build(GIVEN, text, ignore, tampered=tampered)


def on(base: str, text: str) -> Built:
    """The same, with a FROM in front."""
    return built(f"FROM {base}\n{text}")


def stops(text: str) -> Broken:
    """Where the build of a Dockerfile stops."""
    with pytest.raises(Broken) as caught:
        built(text)
    return caught.value


def content(image: Built, path: str) -> str | None:
    """What is in a file of the image; None without it."""
    file = image.image.files.at(path)
    return None if file is None else file.content


def mode(image: Built, path: str) -> tuple[int, int, int]:
    """Owner, group and mode of a file or directory of the image."""
    files = image.image.files
    file = files.known.get(files.real(path))
    if file is not None:
        return file.owner, file.group, file.mode
    assert files.is_folder(path)
    return files.owners.get(files.real(path), (0, 0, 0o755))
