"""The command line with any arguments: words and an exit code, never a trace."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tools.fuzz.model import Case, Judged, Target, judging
from tools.fuzz.stored import names, stored_answers
from tools.fuzz.tree import ops
from trainer.__main__ import main
from trainer.versions import DEFAULT

QUESTIONS = {
    "flow": ("--from", "--to", "--port", "--protocol"),
    "matrix": ("--port", "--protocol"),
    "can-i": ("--as", "--do", "-n", "--group"),
    "escalate": ("--as", "--group"),
    "pod-security": ("--level", "--version"),
    "audit": ("--as", "--do", "-n", "--group"),
    "admit": ("--object", "--operation", "--as"),
    "routes": ("--url", "--class"),
    "settings": ("--all",),
}
FITTING = {
    "--from": ("sun/api", "shop/app=web", "ip:203.0.113.7", "outside", "prod/db"),
    "--to": ("sun/api", "service:shop/web", "ip:169.254.169.254", "web/shop"),
    "--port": ("80", "443", "5432"),
    "--protocol": ("TCP", "UDP"),
    "--as": ("sa:ci/deployer", "user:jane", "group:system:masters", "sa:sun/api"),
    "--do": ("get pods", "patch deployments/scale web", "get /healthz", "create secrets", "* *"),
    "-n": ("ci", "sun", "prod"),
    "--group": ("dev", "system:authenticated"),
    "--level": ("baseline", "restricted"),
    "--version": ("latest", f"v{DEFAULT}"),
    "--operation": ("CREATE", "UPDATE"),
    "--url": ("https://shop.example/api", "http://shop.example/"),
    "--class": ("nginx",),
}
"""What a person would pass."""

VALUES = (
    *(
        "shop/web",
        "shop/app=web",
        "ip:203.0.113.7",
        "ip:::1",
        "ip:999.1.1.1",
        "outside",
        "service:shop/web",
        "sun/*",
        "/",
        "a/b/c",
    ),
    *(
        "80",
        "0",
        "65536",
        "-1",
        "1e3",
        "TCP",
        "tcp",
        "SCTP",
        "sa:ci/deployer",
        "user:jane",
        "group:system:masters",
        "sa:",
        "user:",
    ),
    *(
        "get pods",
        "patch deployments/scale web",
        "get /healthz",
        "* *",
        "create secrets",
        "get",
        "",
        " ",
        "get pods/ x y z",
        "GET //",
    ),
    *(
        "ci",
        "baseline",
        "restricted",
        "privileged",
        "latest",
        f"v{DEFAULT}",
        "v9.99",
        "v",
        str(DEFAULT),
        "CREATE",
        "DELETE",
        "CONNECT",
    ),
    *(
        "https://shop.example/api",
        "http://[::1",
        "://",
        "https://a:b:c/",
        "https://x/%zz",
        "ftp://x",
        "*://*/**",
        "https://\x1b[31m/",
    ),
    *(
        "nginx",
        "é",
        "\u202e",
        "\x9b",
        "x" * 500,
        "a\nb",
        "\ud800",
        "--all",
        "-",
        "/dev/null",
        "missing.yaml",
        "sa:a/b/c",
        "ip:",
    ),
)


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


@judging
def judge(case: Case) -> Judged:
    """Ask a question about a changed answer."""
    stored = stored_answers()[case["answer"]]
    names_ = []
    for part in stored.parts[:3]:
        path = _folder() / f"{os.getpid()}-{part.name.replace('/', '-')}"
        path.write_bytes(part.data(case["ops"]))
        names_.append(str(path))
    question = list(QUESTIONS)[case["question"] % len(QUESTIONS)]
    arguments = ["ask", question, *names_]
    for option, number in zip(QUESTIONS[question], case["values"], strict=False):
        if option == "--all":
            arguments.append(option)
        elif option == "--object":
            arguments += [option, names_[0]]
        else:
            pool = VALUES if number % 6 == 0 else FITTING[option]
            arguments += [option, pool[number // 6 % len(pool)]]
    if case["json"]:
        arguments.append("--json")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Judged(f"exit {code}", tuple(_wrong(code, out.getvalue(), err.getvalue(), is_json=case["json"])))


def _wrong(code: int, out: str, err: str, *, is_json: bool) -> list[str]:
    found = []
    if "unexpected error" in err or "Traceback" in err:
        lines = [line.strip() for line in err.splitlines() if "/trainer/" in line]
        found.append(
            f"{err.strip().splitlines()[-1][:80]} {lines[-1].rpartition('/trainer/')[2] if lines else ''}"
        )
    if code not in range(6):
        found.append(f"exit code {code}")
    if any(_acts(letter) for letter in out):
        found.append("a character that acts on the terminal")
    if is_json and out:
        try:
            json.loads(out)
        except ValueError:
            found.append("the output isn't JSON")
    return found


def _acts(letter: str) -> bool:
    return (
        (letter < " " and letter not in "\n\t")
        or "\x7f" <= letter <= "\x9f"
        or letter in "\u202a\u202b\u202d\u202e\u2066\u2067"
    )


def _cases() -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries(
        {
            "answer": st.sampled_from(names()),
            "ops": st.one_of(st.just([]), ops(3)),
            "question": st.integers(0, len(QUESTIONS) - 1),
            "values": st.lists(st.integers(0, 6 * len(VALUES)), min_size=1, max_size=4),
            "json": st.booleans(),
        }
    )


TARGETS = (
    Target(
        "asking", "questions with any arguments about changed answers: words and a code", 10, _cases, judge
    ),
)
