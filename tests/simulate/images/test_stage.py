"""Tests of `simulate.images.stage`: the configuration, the history, and COPY with its forms."""

from __future__ import annotations

import pytest

from tests.simulate.images.sample import TOKEN, built, content, mode, on, stops
from tests.table import each_row
from trainer.simulate.images.dockerfile import Broken


def config(text, base="alpine:3.20"):
    return on(base, text).image.config


def history(text):
    return [layer.created_by for layer in on("alpine:3.20", text).image.layers[1:]]


def test_commands_and_what_resets_them():
    assert config("CMD echo $HOME").cmd == ("/bin/sh", "-c", "echo $HOME")
    assert config('CMD ["a"]\nENTRYPOINT ["b"]').cmd == ("a",)
    # An ENTRYPOINT resets the CMD of the base, not one of the same stage.
    trigger = "registry.example/trigger:1"
    assert config('ENTRYPOINT ["b"]', trigger).cmd == ()
    assert config('CMD ["x"]\nENTRYPOINT ["b"]', trigger).cmd == ("x",)
    assert config('CMD ["y"]', trigger).entrypoint == ("/bin/sh", "-c")
    assert config("ENTRYPOINT []", trigger).entrypoint == ()
    assert config('SHELL ["/bin/ash", "-eo", "pipefail", "-c"]\nCMD a').cmd[:2] == ("/bin/ash", "-eo")
    inner = built('FROM alpine:3.20 AS a\nCMD ["x"]\nFROM a\nENTRYPOINT ["y"]').image.config
    assert (inner.entrypoint, inner.cmd) == (("y",), ())


def test_variables():
    found = config("ENV A=1 B=\"x $A\" C='$A'\nENV A=2 D=${A}-${E:-e}\nENV F  g h\nWORKDIR /$A")
    env = {key: found.env[key] for key in "ABCDF"}
    # All of one ENV have the values from before it.
    assert env == {"A": "2", "B": "x ", "C": "$A", "D": "1-e", "F": "g h"}
    assert found.workdir == "/2"
    # The later one of ARG and ENV counts.
    assert content(on("alpine:3.20", "ENV A=1\nARG A=2\nRUN echo $A > /x"), "/x") == "2\n"
    assert content(on("alpine:3.20", "ARG A=2\nENV A=1\nRUN echo $A > /x"), "/x") == "1\n"


def test_history():
    assert history(f"ARG T={TOKEN}\nENV A=b\nRUN echo $T > /dev/null") == [
        f"ARG T={TOKEN}",
        "ENV A=b",
        f"RUN |1 T={TOKEN} /bin/sh -c echo $T > /dev/null # buildkit",
    ]
    assert history('ARG T\nLABEL a=b c="d e"\nCOPY --chown=1 app.py /\nUSER 5') == [
        "ARG T",
        "LABEL a=b c=d e",
        "COPY --chown=1 app.py / # buildkit",
        "USER 5",
    ]


def test_settings():
    found = config('USER 1:2\nEXPOSE 80 53/UDP 9000-9001\nVOLUME ["/a"]\nSTOPSIGNAL TERM\nHEALTHCHECK NONE')
    assert (found.user, found.volumes) == ("1:2", ("/a",))
    assert found.ports == ("80/tcp", "53/udp", "9000/tcp", "9001/tcp")
    assert found.lines == {"user": 2, "stopsignal": 5, "healthcheck": 6}


def test_work_directories():
    image = on("alpine:3.20", "WORKDIR a\nWORKDIR b/../c\nUSER nobody\nWORKDIR d")
    assert image.image.config.workdir == "/a/c/d"
    assert (mode(image, "/a/c"), mode(image, "/a/c/d")) == ((0, 0, 0o755), (65534, 65534, 0o755))


def test_copies():
    image = on(
        "alpine:3.20",
        "WORKDIR /w\nCOPY app.py run.sh ./\nCOPY src /s\nCOPY src/lib/*.txt /t/\nCOPY app.py new.py\n"
        "COPY app.py /exists/\nCOPY --chown=nobody --chmod=0640 app.py /o/\nCOPY --exclude=*.md src/lib /e/\n"
        'COPY ["app.py", "/a b"]\nCOPY --parents src/lib/a.txt /p/',
    )
    paths = "/w/app.py /w/run.sh /s/main.go /s/lib/a.txt /t/a.txt /w/new.py /exists/app.py /e/a.txt".split()
    assert all(content(image, path) is not None for path in (*paths, "/a b", "/p/src/lib/a.txt"))
    assert content(image, "/e/b.md") is None
    assert content(image, "/t/b.md") is None
    assert (mode(image, "/o/app.py"), mode(image, "/w/run.sh")) == ((65534, 65534, 0o640), (0, 0, 0o755))


def test_the_whole_context():
    image = on("scratch", "COPY . /c/")
    assert content(image, "/c/.env") == f"TOKEN={TOKEN}\n"
    assert content(image, "/c/.git/config") is not None
    image = built("FROM scratch\nCOPY . /c/", "*\n!src\n!app.py")
    assert content(image, "/c/.env") is None
    assert sorted(image.image.files.live()) == [
        "/c/app.py",
        "/c/src/lib/a.txt",
        "/c/src/lib/b.md",
        "/c/src/main.go",
    ]


def test_inline_files_and_downloads():
    image = on(
        "alpine:3.20",
        "ARG X=1\nCOPY <<A <<'B' /d/\n$X \"q\" \\$X\nA\n$X\nB\nCOPY <<C /e/f.conf\nc\nC\n"
        "ADD https://get.example/tool /bin/\nADD --chmod=755 https://get.example/tool /usr/bin/t",
    )
    assert (content(image, "/d/A"), content(image, "/d/B")) == ('1 "q" $X\n', "$X\n")
    assert content(image, "/e/f.conf") == "c\n"
    assert (mode(image, "/bin/tool")[2], mode(image, "/usr/bin/t")[2]) == (0o600, 0o755)


def test_layers_keep_what_later_ones_remove():
    layers = on("alpine:3.20", "COPY .env /x\nRUN rm /x\nRUN echo a > /y && rm /y").image.layers[1:]
    assert [list(layer.files) for layer in layers] == [["/x"], ["/x"], []]
    assert layers[1].files["/x"] is None


@each_row(
    ("text", "words"),
    [
        ("COPY nothing /", "not found in the build context"),
        ("COPY *.zip /", "no source files"),
        ("COPY app.py run.sh /x", "end with a /"),
        ("COPY app.py", "source and a destination"),
        ("COPY --chown=jane app.py /", "no matching entries in passwd"),
        ("COPY --chmod=999 app.py /", "invalid chmod"),
        ("ADD https://get.example/none /", "404"),
        ("ADD --checksum=sha256:" + "0" * 64 + " https://get.example/tool /", "digest mismatch"),
        ("EXPOSE http", "ports such as"),
        ("SHELL bash", "exec form"),
        ("USER", "exactly one"),
        ("HEALTHCHECK curl x", "CMD or NONE"),
        ("ONBUILD ONBUILD RUN x", "isn't allowed"),
        ("ENV A", "name and a value"),
        ("ENV A=${B:?unset}", "B: unset"),
        ("ARG", "at least one"),
        ("USER jane\nWORKDIR /x", "no matching entries"),
    ],
)
def test_where_the_build_stops(text, words):
    assert words in stops(f"FROM alpine:3.20\n{text}").why


def test_ignored_sources_say_so():
    with pytest.raises(Broken, match="ignore file"):
        built("FROM scratch\nCOPY app.py /", "*.py")
