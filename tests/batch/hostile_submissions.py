"""Answers that attack who grades them, made in code: more than 60, by name.

Each is what one learner submits for one card, as files in the folder of the card. `place` makes what isn't a plain
file: links, pipes, folders. None may crash a batch, stop it, take a second, leave its folder, be executed, or be
printed raw; the secrets in them are a canary that no output shows.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import socket
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

CANARY = "c4nary-7e5t-s3cret"
"""A secret: no output has it, plain or in Base64."""
TOUCHED = "executed"
"""The file in the folder of all submissions that appears if anything of a submission is executed."""

Place = Callable[[Path], None]


class Hostile(NamedTuple):
    """What one learner submits for a card."""

    card: str
    files: dict[str, bytes]
    place: Place | None = None


POD = b"apiVersion: v1\nkind: Pod\nmetadata: {name: pod-ro, namespace: sun}\nspec:\n  containers:\n"
RUN = f"touch ../../../{TOUCHED}"


def submissions() -> dict[str, Hostile]:
    """The corpus, by name."""
    return dict(
        [
            *_bytes(),
            *_yaml(),
            *_texts(),
            *_sizes(),
            *_names(),
            *_places(),
            *_programs(),
            *_secrets(),
            *_policies(),
            *_engines(),
        ]
    )


def _pod(text: str | bytes) -> Hostile:
    return Hostile("pod-ro", {"pod.yaml": text if isinstance(text, bytes) else text.encode()})


def _named(name: str) -> bytes:
    """A Pod whose container has this name, written as JSON writes it."""
    return POD + b"  - {image: nginx, name: " + json.dumps(name).encode() + b"}\n"


def _bytes() -> Iterator[tuple[str, Hostile]]:
    """Bytes that aren't text, or another text than they seem."""
    whole = POD + b"  - {name: a, image: nginx}\n"
    yield "empty", _pod(b"")
    yield "only-comments", _pod(b"# nothing\n" * 100)
    yield "nul-bytes", _pod(whole + b"\0" * 1000)
    yield "all-bytes", _pod(bytes(range(256)) * 64)
    yield "utf-16", _pod(whole.decode().encode("utf-16"))
    yield "utf-16-without-mark", _pod(whole.decode().encode("utf-16-le"))
    yield "utf-32", _pod(whole.decode().encode("utf-32"))
    yield "latin-1", _pod(whole + "# caf\xe9\n".encode("latin-1"))
    yield "overlong-utf-8", _pod(whole + b"# \xc0\xaf\xe0\x80\xaf\n")
    yield "two-byte-order-marks", _pod(b"\xef\xbb\xbf\xef\xbb\xbf" + whole)
    yield "carriage-returns-only", _pod(whole.replace(b"\n", b"\r"))
    yield "strange-line-ends", _pod(whole.decode().replace("\n", "\x85").encode())
    yield "gzip-as-yaml", _pod(gzip.compress(whole, mtime=0))
    yield "png-as-yaml", _pod(b"\x89PNG\r\n\x1a\n" + bytes(2000))


def _yaml() -> Iterator[tuple[str, Hostile]]:
    """What YAML allows and nobody should expand, construct or follow."""
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    yield "billion-laughs", _pod(laughs)
    merges = "m0: &m0 {x: 1}\n" + "".join(
        f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], y{n}: 1}}\n" for n in range(1, 200)
    )
    yield "merge-bomb", _pod(merges)
    yield "alias-of-itself", _pod("a: &a [*a]\nb: &b {c: *b}\n")
    yield "deep-flow", _pod("[" * 100_000)
    yield "deep-flow-closed", _pod("[" * 5000 + "]" * 5000)
    yield "deep-mappings", _pod("\n".join(" " * n + "a:" for n in range(1000)))
    yield "deep-sequences", _pod("- " * 5000 + "a")
    yield "python-object", _pod(f"!!python/object/apply:os.system ['{RUN}']\n")
    yield "python-name", _pod("!!python/name:os.system ''\n")
    yield (
        "odd-tags",
        _pod("a: !!binary '****'\nb: !!timestamp 9999-99-99\nc: !!set {x}\nd: !<tag:e.g,2000:x> y\n"),
    )
    yield "directives", _pod("%YAML 9.9\n%TAG ! tag:evil,2000:\n---\n!x {a: b}\n")
    yield "duplicate-keys", _pod("kind: Pod\nkind: Secret\n" * 500)
    yield "keys-of-all-types", _pod("? [a, {b: c}]\n: d\n? {}\n: e\nnull: f\n1.5: g\n.nan: h\ntrue: i\n")
    yield "unterminated", _pod('a: "' + "x\n" * 5000)
    yield (
        "long-numbers",
        _pod("a: 1e999999999\nb: " + "9" * 100_000 + "\nc: 0x" + "f" * 50_000 + "\nd: .inf\n"),
    )
    yield "sexagesimal", _pod("a: " + ":".join(["59"] * 20_000) + "\n")
    yield "many-documents", _pod("---\n" * 100_000)
    yield "many-tiny-objects", _pod("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" * 2400)
    yield (
        "lists-in-lists",
        _pod(
            "".join(
                "  " * n + f"apiVersion: v1\n{'  ' * n}kind: List\n{'  ' * n}items:\n{'  ' * n}-\n"
                for n in range(300)
            )
        ),
    )


def _texts() -> Iterator[tuple[str, Hostile]]:
    """Texts that do something where they are shown."""
    yield "terminal-codes", _pod(_named("\x1b[2J\x1b]0;owned\x07\x1b[31m"))
    yield "c1-codes", _pod(_named("a\x9b2Jb\x85c"))
    yield "bidi", _pod(_named("a\u202egpj.exe\u2066b\u2069"))
    yield "invisible", _pod(_named("a\u200b\u2060\ufeff\u00adb"))
    yield "half-a-pair", _pod(POD + b'  - {image: nginx, name: "\\ud800x"}\n')
    yield "combining", _pod(_named("a" + "\u0301" * 20_000))
    yield "formula", _pod(_named("=cmd|' /C calc'!A0"))
    yield "html", _pod(_named("</td></script><script>alert(1)</script><img src=x onerror=alert(1)>"))
    yield "markdown", _pod(_named("](javascript:alert(1)) ![x](http://e.g/x) | `a` <b>\n# heading\n```"))
    yield "xml", _pod(_named("]]></failure><testcase name='x'/>&xxe;"))
    yield "rich-markup", _pod(_named("[bold red]x[/] [link=http://e.g]y[/link] [/]"))
    yield "format-strings", _pod(_named("%s%n{0.__class__}{}$(id)`id`${HOME}"))


def _sizes() -> Iterator[tuple[str, Hostile]]:
    """A lot of something."""
    yield "ten-megabytes", _pod(b"a" * 10_000_000)
    yield "one-line", _pod(b"a: " + b"b" * 1_000_000)
    yield "empty-lines", _pod(b"\n" * 900_000)
    yield "spaces", _pod(b" " * 900_000)
    yield "quotes", _pod(b"a: " + b"'x' " * 200_000)
    yield "containers", _pod(POD + b"".join(b"  - {name: c%d, image: nginx}\n" % n for n in range(3200)))
    mounts = b"".join(b"{name: v%d, mountPath: /m%d}, " % (n, n) for n in range(3000))
    volumes = b"".join(b"{name: v%d, emptyDir: {}}, " % n for n in range(3000))
    yield (
        "mounts",
        _pod(
            POD
            + b"  - {name: a, image: nginx, volumeMounts: ["
            + mounts
            + b"]}\n  volumes: ["
            + volumes
            + b"]\n"
        ),
    )
    yield "ten-thousand-files", Hostile("pod-ro", {f"{n}.yaml": b"a: b\n" for n in range(10_000)})
    yield "deep-folders", Hostile("pod-ro", {"/".join(["d"] * 100) + "/pod.yaml": b"a: b\n"})


def _names() -> Iterator[tuple[str, Hostile]]:
    """Names of files."""
    whole = POD + b"  - {name: a, image: nginx}\n"
    for title, name in (
        ("name-like-an-option", "--out=x.yaml"),
        ("name-with-line-end", "po\nd.yaml"),
        ("name-with-terminal-codes", "\x1b[2Jpod.yaml"),
        ("name-with-bidi", "pod\u202elmay.exe.yaml"),
        ("name-that-is-a-formula", "=1+1.yaml"),
        ("name-that-is-html", "<script>alert(1)<!--.yaml"),
        ("name-of-a-device", "CON.yaml"),
        ("name-with-spaces-at-its-end", "pod.yaml "),
        ("name-that-is-no-utf-8", os.fsdecode(b"p\xff\xfed.yaml")),
    ):
        yield title, Hostile("pod-ro", {name: whole})


def _places() -> Iterator[tuple[str, Hostile]]:
    """What isn't a plain file."""

    def link(target: str) -> Place:
        return lambda folder: (folder / "pod.yaml").symlink_to(target)

    def pipe(folder: Path) -> None:
        os.mkfifo(folder / "pod.yaml")

    def listening(folder: Path) -> None:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket is short
        try:
            with socket.socket(socket.AF_UNIX) as one:
                one.bind("pod.yaml")
        finally:
            os.chdir(here)

    def unreadable(folder: Path) -> None:
        (folder / "pod.yaml").write_bytes(POD)
        (folder / "pod.yaml").chmod(0)

    yield "link-to-passwd", Hostile("pod-ro", {}, link("/etc/passwd"))
    yield "link-to-itself", Hostile("pod-ro", {}, link("pod.yaml"))
    yield "link-to-zero", Hostile("pod-ro", {}, link("/dev/zero"))
    yield "link-to-another-learner", Hostile("pod-ro", {}, link("../../utf-16/pod-ro/pod.yaml"))
    yield "link-to-a-process", Hostile("pod-ro", {}, link("/proc/self/environ"))
    yield "folder-of-that-name", Hostile("pod-ro", {"pod.yaml/pod.yaml/pod.yaml": POD})
    yield "pipe", Hostile("pod-ro", {}, pipe)
    yield "socket", Hostile("pod-ro", {}, listening)
    yield "without-rights", Hostile("pod-ro", {}, unreadable)


def _programs() -> Iterator[tuple[str, Hostile]]:
    """What would run if anybody ran it."""
    yield (
        "script-that-deletes",
        Hostile("node-hold", {"node.sh": f"{RUN}\nrm -rf / --no-preserve-root\n".encode()}),
    )
    yield "script-that-forks", Hostile("node-hold", {"node.sh": b":(){ :|:& };:\n"})
    yield "script-without-end", Hostile("node-hold", {"node.sh": b"while true; do echo x >> /tmp/x; done\n"})
    yield "script-that-grows", Hostile("node-hold", {"node.sh": b"a=x\n" + b'a="$a$a"\n' * 60 + b"echo $a\n"})
    yield "script-of-braces", Hostile("node-hold", {"node.sh": b"echo " + b"{a,b}" * 60 + b"\n"})
    yield "script-of-substitutions", Hostile("node-hold", {"node.sh": b"echo " + b"$(" * 20_000 + b"\n"})
    yield (
        "exec-plugin",
        Hostile(
            "kubeconfig",
            {
                "config": (
                    "apiVersion: v1\nkind: Config\nusers: [{name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1,"
                    f" command: sh, args: [-c, '{RUN}'], interactiveMode: Never}}}}}}]\n"
                ).encode()
            },
        ),
    )
    yield (
        "image-with-many-layers",
        Hostile(
            "dockerfile-secret",
            {"Dockerfile": b"FROM alpine:3.20\n" + b"RUN echo a > /b && rm /b\n" * 20_000},
        ),
    )
    yield (
        "image-from-itself",
        Hostile("dockerfile-secret", {"Dockerfile": b"FROM a AS a\nCOPY --from=a / /\nFROM a\n" * 500}),
    )
    yield (
        "image-with-a-text-without-end",
        Hostile("dockerfile-secret", {"Dockerfile": b"FROM alpine:3.20\nRUN <<E\n" + b"x\n" * 50_000}),
    )


def _secrets() -> Iterator[tuple[str, Hostile]]:
    """Secrets that a learner submits by mistake."""
    hidden = base64.b64encode(CANARY.encode()).decode()
    secret = (
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a, namespace: sun}}\ndata: {{password: {hidden}}}\n"
    )
    yield "secret", _pod(secret)
    yield (
        "secret-in-text",
        _pod(
            f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{password: {CANARY}}}\ntype: [1]\n"
        ),
    )
    yield "secret-broken", _pod(f"{secret}  stray: [\nstringData:\n  password: {CANARY}\n")
    yield (
        "secret-in-env",
        _pod(
            POD + f"  - {{name: a, image: nginx, env: [{{name: DB_PASSWORD, value: {CANARY}}}]}}\n".encode()
        ),
    )
    yield (
        "secret-in-kubeconfig",
        Hostile(
            "kubeconfig",
            {
                "config": f"apiVersion: v1\nkind: Config\nusers: [{{name: a, user: {{token: {CANARY}}}}}]\n".encode()
            },
        ),
    )


def _policies() -> Iterator[tuple[str, Hostile]]:
    """Work for the engines of policies: expressions, roles, networks, audit rules."""
    vap = (
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: trusted-registry}\n"
        "spec:\n  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: ['*']}]}\n"
        "  validations: [{expression: %s}]\n"
    )
    for title, expression in (
        ("cel-pattern", "'" + "a" * 5000 + "!'.matches('(a+)+$')"),
        ("cel-loops", "[1,2,3,4,5,6,7,8].all(a, " * 8 + "true" + ")" * 8),
        ("cel-deep", "(" * 20_000 + "true" + ")" * 20_000),
        ("cel-long", " || ".join(["object.metadata.name == 'a'"] * 5000)),
    ):
        yield title, Hostile("vap-registry", {"policy.yaml": (vap % json.dumps(expression)).encode()})
    rules = "".join(f"- {{apiGroups: [g{n}], resources: [r{n}, '*'], verbs: ['*']}}\n" for n in range(1200))
    subjects = "".join(
        f"- {{kind: User, name: u{n}, apiGroup: rbac.authorization.k8s.io}}\n" for n in range(1200)
    )
    head = "apiVersion: rbac.authorization.k8s.io/v1\n"
    yield (
        "rbac-product",
        Hostile(
            "rbac-shrink",
            {
                "rbac.yaml": (
                    f"{head}kind: ClusterRole\nmetadata: {{name: a}}\nrules:\n{rules}---\n{head}kind: ClusterRoleBinding\n"
                    f"metadata: {{name: a}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}}\n"
                    f"subjects:\n{subjects}"
                ).encode()
            },
        ),
    )
    blocks = ", ".join(
        f"{{ipBlock: {{cidr: 10.{n // 250}.{n % 250}.0/24, except: [10.{n // 250}.{n % 250}.8/29]}}}}"
        for n in range(2500)
    )
    yield (
        "network-blocks",
        Hostile(
            "np-metadata",
            {
                "policy.yaml": (
                    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: default}\n"
                    f"spec: {{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{blocks}]}}]}}\n"
                ).encode()
            },
        ),
    )
    audit = "".join(
        f"- {{level: Metadata, users: [u{n}], resources: [{{group: g{n}, resources: [a, b]}}]}}\n"
        for n in range(1900)
    )
    yield (
        "audit-rules",
        Hostile(
            "audit-policy",
            {"policy.yaml": f"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n{audit}".encode()},
        ),
    )


def _engines() -> Iterator[tuple[str, Hostile]]:
    """Work for other engines."""
    macros = "- {macro: m0, condition: evt.type = open}\n" + "".join(
        f"- {{macro: m{n}, condition: 'm{n - 1} or m{n - 1}'}}\n" for n in range(1, 60)
    )
    yield (
        "falco-macros",
        Hostile("falco-shells", {"rules.yaml": macros.encode(), "answer.yaml": macros.encode()}),
    )
    calls = json.dumps(
        {
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [{"names": ["read"] * 50, "action": "SCMP_ACT_LOG"}] * 350,
        }
    )
    yield "seccomp-calls", Hostile("seccomp-localhost", {"parser.json": calls.encode()})
    yield "json-deep", Hostile("seccomp-localhost", {"parser.json": b'{"a":' * 50_000})
    facts = "files: [" + ", ".join(f"/etc/{n}" for n in range(15_000)) + "]\n"
    yield "all-findings", Hostile("web-shell-trail", {"answer.yaml": facts.encode()})
    pem = base64.b64encode(b"\x30\x80" * 20_000).decode()
    csr = base64.b64encode(
        f"-----BEGIN CERTIFICATE REQUEST-----\n{pem}\n-----END CERTIFICATE REQUEST-----\n".encode()
    ).decode()
    yield (
        "nested-asn-1",
        Hostile(
            "csr-user",
            {
                "access.yaml": (
                    "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nmetadata: {name: jane}\n"
                    f"spec: {{request: {csr}, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}}\n"
                ).encode()
            },
        ),
    )


def lay_out(root: Path, names: Collection[str]) -> dict[str, str]:
    """Write these submissions below a folder, as `<name>/<card>/...`; the card of each."""
    corpus = submissions()
    for name in names:
        one = corpus[name]
        folder = root / name / one.card
        folder.mkdir(parents=True)
        for file, data in one.files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(data)
        if one.place is not None:
            one.place(folder)
    return {name: corpus[name].card for name in names}
