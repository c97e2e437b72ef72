"""Makes documents of any kind, in any shape, which each carry a canary in a place that is secret.

The same seed makes the same documents. A canary is told from everything else by its letters.
"""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable, Iterator

import msgspec

Shape = Callable[[random.Random, str], str]

_LETTERS = string.ascii_letters + string.digits


class Document(msgspec.Struct, frozen=True):
    """One file, and the canary that it carries; `shapes` names what it was made of."""

    data: bytes
    canary: str
    shapes: str

    def sings(self, output: bytes) -> bool:
        """Whether an output shows the canary, or most of it: as it is, in base64, cut off, in any case."""
        folded = output.lower()
        core = self.canary[:9].encode()
        forms = [core, self.canary[3:].encode(), repr(self.canary)[1:10].encode()]
        for pad in range(3):
            encoded = base64.b64encode(b"x" * pad + self.canary.encode())
            forms.append(encoded[4 if pad else 0 :][:11])
        return any(form.lower() in folded for form in forms)


def documents(seed: int) -> Iterator[Document]:
    """Documents without end."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    while True:
        canary = "Qz" + "".join(rng.choice(_LETTERS) for _ in range(11)) + "7K"
        kind = rng.choice(list(KINDS))
        text = KINDS[kind](rng, canary)
        names = [kind]
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            name = rng.choice(list(CHANGES))
            names.append(name)
            text = CHANGES[name](rng, text)
        encoding = rng.choice(("utf-8",) * 12 + ("utf-16", "utf-8-sig", "latin"))
        data = text.encode("utf-8" if encoding == "latin" else encoding, "replace")
        if encoding == "latin":
            data += b"# \xe9\n"
        yield Document(data, canary, "+".join((*names, encoding)))


def scalar(rng: random.Random, canary: str) -> str:
    """A canary as a YAML scalar in some style, for a value in block style, two levels deep."""
    escaped = "".join(rng.choice((c, f"\\x{ord(c):02x}", f"\\u{ord(c):04x}")) for c in canary)
    encoded = base64.b64encode(canary.encode()).decode()
    return rng.choice(
        (
            canary,
            canary,
            f"'{canary}'",
            f'"{canary}"',
            f'"{escaped}"',
            f"|\n    {canary}\n    second line",
            f">-\n    first\n    {canary}",
            f"|+2\n    {canary}\n",
            f"!!str {canary}",
            f"!!binary {encoded}",
            f"!!timestamp {canary}",
            f"!!int {canary}",
            f"!own {canary}",
            f"!!float '{canary}'",
            f"&anchor {canary}",
            f"*{canary}",
            f"&{canary} x",
            f"!{canary} x",
            f"x # {canary}",
            f"[{canary}, b]",
            f"{{{canary}: 1}}",
            f"{{a: {canary}}}",
            f"{{? {canary} : 1}}",
            f"'it''s {canary}'",
            f"first line\n    {canary}",
            f'"{canary} ends\n    here"',
            f"{canary}: more",
            f"@{canary}",
            f"%{canary}",
            f"`{canary}`",
            f'"{canary}',
            f"'{canary}",
            f"[{canary}",
            f"{{a: {canary}",
            f"\t{canary}",
            f"{canary}\t# tab",
            f"12{canary}",
            encoded,
            f"'{encoded}'",
        )
    )


def _secret(rng: random.Random, canary: str) -> str:
    kind = rng.choice(
        ("Secret",) * 6
        + ("secret", "SECRET", "Secrets", "Secert", "Sercet", "SecretList", "'Secret'", "!!str Secret")
        + ('"Sec\\u0072et"', ">\n  Secret", "[Secret]", "", "Scret", "Secret # a", "&k Secret", "v1/Secret")
    )
    field = rng.choice(
        ("stringData",) * 4
        + ("data",) * 3
        + ("stringdata", "StringData", "string_data", "string-data", "stringDta")
        + ("binaryData", "'data'", '"stringData"', "dat", "Data", "secret")
    )
    key = rng.choice(
        (
            "password",
            "token",
            "user",
            "tls.key",
            "a b",
            "'q'",
            "x",
            ".dockerconfigjson",
            "name",
            "kind",
            "type",
        )
    )
    if field.casefold().strip("'\"") in ("dat", "binarydata", "secret") and kind in (
        "",
        "Scret",
        "v1/Secret",
        "[Secret]",
    ):
        kind = "Secret"
    parts = [
        "apiVersion: v1",
        f"kind: {kind}" if kind else rng.choice(("", "knd: Secret", "Kind: Secret", "KIND: secret")),
        rng.choice(("metadata:\n  name: db\n  namespace: sun", "metadata: {name: db, namespace: sun}")),
        _fields(rng, canary, field, key),
        rng.choice(
            ("", "type: Opaque", "immutable: true", f"type: {canary}", "type: [a]", "immutable: maybe")
        ),
    ]
    if rng.random() < 0.3:
        rng.shuffle(parts)
    return "\n".join(part for part in parts if part) + "\n"


def _fields(rng: random.Random, canary: str, field: str, key: str) -> str:
    """The values of a Secret, right and broken."""
    value = scalar(rng, canary)
    return rng.choice(
        (
            f"{field}:\n  {key}: {value}",
            f"{field}:\n  {key}: {value}",
            f"{field}:\n  {key}: plain\n  {key}: {value}",
            f"{field}:\n  {key}: {value}\n  {key}: plain",
            f"{field}:\n  {key}:{canary}",
            f"{field}:\n  ? {key}\n  : {value}",
            f"{field}:\n- {key}: {value}",
            f"{field}:\n- {canary}",
            f"{field}: {canary}",
            f"{field}:\n    {key}: a\n  other: {canary}",
            f"{field}: &a\n  {key}: {value}\nother: *a",
            f"{field}:\n  <<: {{{key}: {canary}}}",
            f"{field}:\n  <<: *{canary}",
            f"{field}: {{{key}: {canary}, b: c}}",
            f"{field}: {{{key}:{canary}}}",
            f"{field}: {{{canary}}}",
            f"{field}:\n  {key}: x\n#  {key}: {canary}",
            f"{field}:\n  {key} {canary}",
            f"{field}:\n  {key}={canary}",
            f"{field}:\n {key}: a\n  {key}: {canary}\n   x: y",
            f"{key}: {canary}\n{field}:\n  a: b",
        )
    )


def _secret_json(rng: random.Random, canary: str) -> str:
    value = rng.choice((canary, [canary], {"a": canary}, base64.b64encode(canary.encode()).decode()))
    field = rng.choice(("stringData", "data", "stringdata"))
    data: dict[str, object] = {
        "apiVersion": "v1",
        field: {"p": value},
        "kind": "Secret",
        "metadata": {"name": "db"},
    }
    if rng.random() < 0.3:
        data = {"apiVersion": "v1", "kind": "List", "items": [data]}
    text = json.dumps(data, indent=rng.choice((None, 1, 4)))
    return rng.choice(
        (
            text,
            text,
            text.replace(canary, "".join(f"\\u{ord(c):04x}" for c in canary)),
            text[:-2],
            text.replace('"p":', '"p": "x", "p":'),
            text + text,
            text.replace(":", "", 1),
            text.replace(",", ",,", 1),
            text + "\nmore: " + canary,
        )
    )


def _list(rng: random.Random, canary: str) -> str:
    kind = rng.choice(("SecretList", "secretlist", "List", "list"))
    inner = "" if "ecret" in kind else "  kind: Secret\n  apiVersion: v1\n"
    items = f"- metadata: {{name: a}}\n{inner}  stringData:\n    p: {canary}\n"
    return f"apiVersion: v1\nkind: {kind}\nitems:\n{items}"


def _kubeconfig(rng: random.Random, canary: str) -> str:
    field = rng.choice(
        (
            "token",
            "password",
            "client-key-data",
            "Token",
            "pasword",
            "tokn",
            "clientKeyData",
            "client-key-dta",
            "secret",
        )
    )
    encoded = base64.b64encode(canary.encode()).decode()
    user = rng.choice(
        (
            f"    {field}: {canary}",
            f"    {field}: {canary}\n    {field}: b",
            f"    {field}: b\n    {field}: {canary}",
            f"    {field}: {scalar(rng, canary)}",
            f"    client-key-data: {encoded}",
            f"    exec: {{command: get, env: [{{name: A, value: {canary}}}]}}",
            f"    exec: {{command: get, args: [--x, {canary}]}}",
            f"    auth-provider: {{name: oidc, config: {{client-secret: {canary}}}}}",
            f"    {field}:{canary}",
            f"    {field}: *{canary}",
            f"    token: a # {canary}",
        )
    )
    kind = rng.choice(("kind: Config\n",) * 3 + ("", "kind: config\n", "kind: KubeConfig\n", "kind: Confg\n"))
    rest = rng.choice(("current-context: a\n", "clusters: []\ncontexts: []\n"))
    server = rng.choice(("", f"clusters:\n- name: c\n  cluster: {{server: 'https://u:{canary}@x'}}\n"))
    return f"apiVersion: v1\n{kind}{rest}{server}users:\n- name: u\n  user:\n{user}\n"


def _encryption(rng: random.Random, canary: str) -> str:
    kind = rng.choice(
        ("EncryptionConfiguration",) * 4
        + ("EncryptionConfig", "encryptionconfiguration", "EncryptionConfigration")
    )
    provider = rng.choice(("aescbc", "aesgcm", "secretbox", "aes", "AESCBC"))
    field = rng.choice(("secret", "Secret", "secert", "sercet", "key", "secrets", "SECRET"))
    value = rng.choice(
        (canary, base64.b64encode(canary.encode()).decode(), scalar(rng, canary).replace("\n", "\n        "))
    )
    return (
        f"apiVersion: apiserver.config.k8s.io/v1\nkind: {kind}\n"
        "resources:\n- resources: [secrets]\n  providers:\n"
        f"  - {provider}:\n      keys:\n      - name: k\n        {field}: {value}\n  - identity: {{}}\n"
    )


def _pod(rng: random.Random, canary: str) -> str:
    name = rng.choice(
        ("DB_PASSWORD", "API_TOKEN", "AWS_SECRET_ACCESS_KEY", "MYSQL_ROOT_PASSWORD", "db-pass", "Passwd")
    )
    part = rng.choice(
        (
            f"env: [{{name: {name}, value: {canary}}}]",
            f"env: [{{value: {canary}, name: {name}}}]",
            f"env:\n    - name: {name}\n      value: {scalar(rng, canary)}",
            f"env:\n    - name: {name}\n      valu: {canary}\n      value: {canary}",
            f"args: [--password={canary}]",
            f"args: [--token, {canary}]",
            f'command: [sh, -c, "export PASSWORD={canary}; run"]',
            f"command: [sh, -c, 'curl -H \"Authorization: Bearer {canary}\" x']",
            f"args: ['https://user:{canary}@host/']",
            f"env: [{{name: KEY, value: 'AKIA{canary.upper()}'}}]",
            f"password: {canary}",
            f"env: [{{name: A, value: b}}] # password is {canary}",
        )
    )
    return (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: pod-ro, namespace: sun}\nspec:\n  containers:\n"
        f"  - name: c\n    image: busybox:1.32.0\n    {part}\n"
    )


def _config_map(rng: random.Random, canary: str) -> str:
    pem = f"-----BEGIN RSA PRIVATE KEY-----\n    {canary}\n    -----END RSA PRIVATE KEY-----"
    token = f"eyJhbGciOiJSUzI1NiJ9.{canary}abcdef.{canary}"
    part = rng.choice(
        (
            f"password: {canary}",
            f"app.properties: |\n    db.password={canary}\n    x=y",
            f'config.json: \'{{"token": "{canary}"}}\'',
            f"id: |\n    {pem}",
            f"note: {token}",
            f"a.yaml: |\n    kind: Secret\n    stringData: {{a: {canary}}}",
            f"db-password-old: {canary}",
            f"url: postgres://u:{canary}@db/x",
            f"aws_secret_access_key: {canary}",
        )
    )
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: sun}}\ndata:\n  {part}\n"


def _annotation(rng: random.Random, canary: str) -> str:
    inner = json.dumps({"kind": "Secret", "stringData": {"a": canary}})
    kind = rng.choice(("Secret", "ServiceAccount", "ConfigMap"))
    return (
        f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: a\n  annotations:\n"
        f"    kubectl.kubernetes.io/last-applied-configuration: '{inner}'\n"
    )


def _label_path(rng: random.Random, canary: str) -> str:
    place = rng.choice(
        ("labels: {'%s x': a}", "labels: {a: '%s x'}", "annotations: {'%s x': a}", "%s: a", "name: '%s x'")
    )
    return (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: sun}\n"
        f"stringData:\n  p: {canary}\n---\n"
        f"apiVersion: v1\nkind: Pod\nmetadata: {{namespace: sun, {place % canary}}}\n"
        "spec: {containers: [{name: c, image: nginx}]}\n"
    )


KINDS: dict[str, Shape] = {
    "secret": _secret,
    "secret-again": _secret,
    "secret-once-more": _secret,
    "json": _secret_json,
    "list": _list,
    "kubeconfig": _kubeconfig,
    "encryption": _encryption,
    "pod": _pod,
    "config-map": _config_map,
    "annotation": _annotation,
    "label-path": _label_path,
}

_OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: sun}\ndata: {a: b}\n"
_BLOCKS = (
    "apiVersion: v1\nkind: Secret\nmetadata: {name: first, namespace: sun}\n"
    "stringData:\n  c: |\n    one\n    two\n  d: >-\n    three\n    four\n"
)

CHANGES: dict[str, Callable[[random.Random, str], str]] = {
    "after": lambda _, text: f"{_OTHER}---\n{text}",
    "after-blocks": lambda _, text: f"{_BLOCKS}---\n{text}",
    "after-dots": lambda _, text: f"{_OTHER}...\n{text}",
    "after-dots-and-a-mark": lambda _, text: f"{_OTHER}...\n---\n{text}",
    "before": lambda _, text: f"{text}---\n{_OTHER}",
    "after-broken": lambda _, text: f"kind: Pod\n x: [\n---\n{text}",
    "before-broken": lambda _, text: f"{text}---\nkind: Pod\n x: [\n",
    "broken-end": lambda _, text: f"{text}  x: [\n",
    "broken-start": lambda _, text: f"{{\n{text}",
    "crlf": lambda _, text: text.replace("\n", "\r\n"),
    "cr": lambda _, text: text.replace("\n", "\r"),
    "indented": lambda _, text: "".join(f"  {line}\n" for line in text.split("\n")),
    "mark-with-comment": lambda _, text: f"--- # first\n{text}",
    "directive": lambda _, text: f"%YAML 1.1\n---\n{text}",
    "no-last-newline": lambda _, text: text.rstrip("\n"),
    "in-a-string": lambda _, text: (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n"
        + "".join(f"    {line}\n" for line in text.split("\n"))
    ),
    "cut": lambda rng, text: text[: rng.randrange(len(text) * 3 // 4, len(text))],
    "control": lambda _, text: text.replace("\n", "\x07\n", 1),
    "line-separator": lambda _, text: text.replace("\n", "\u2028", 1),
    "tab": lambda _, text: text.replace("  ", "\t", 1),
    "twice": lambda _, text: f"{text}---\n{text}",
    "unknown-kind": lambda _, text: text.replace("kind: Secret", "kind: Scrt", 1),
}
