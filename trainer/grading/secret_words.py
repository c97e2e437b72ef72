"""What looks like a secret: by the name of a field or variable, and by the shape of a value.

In doubt, it is one: a name is compared without its case, dots and dashes, and in common misspellings.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from trainer.patterns import regex

_WORDS = (
    "passphrase|passcode|passw\\w*|pasw\\w*|pasword|pwd|passwd|secrets?|secert|token|tokens|tokn"
    "|credentials?|creds|apikey|accesskey|accesskeyid|secretkey|privatekey|signingkey|encryptionkey|masterkey"
    "|sshkey|authkey|keydata|authorization|bearer|dockerconfigjson|dockercfg|connectionstring|dsn|tlskey"
)
_ENDS = regex(rf"(?:{_WORDS})\Z")
_CONTAINS = regex(rf"(?:{_WORDS})")
_PASS = regex(r"(?i:(?:\A|[_.-])pass)\Z|[a-z]Pass\Z")
_NO_SECRET = regex(
    r"(?:nopass\w*|automountserviceaccounttoken|imagepullsecrets?|legacyserviceaccounttoken\w*|enablebootstraptokenauth)\Z"
)
_ABOUT = regex(
    r"(?:files?|path|dir|folder|name|names|ref|ttl|mode|auth|type|kind|seconds|expiration|only|audiences?)\Z"
)
"""What follows in the name of something that is about a secret: `TOKEN_FILE`, `secretName`."""
_KEYS = regex(r"key|cred|auth|salt|hmac|cipher|seed")
_PUBLIC_DATA = regex(r"cert|bundle|authoritydata|digest|sha\d|public|checksum|hash\Z|crt\Z")
_BARE = regex(r"[^a-z0-9]+")
_PLAIN_VALUE = regex(r"(?:true|false|yes|no|on|off|null|~|none|\d{1,3}[smhd]?)?\Z", re.IGNORECASE)
_REFERENCE = regex(r"\$\{?\w+\}?\Z|\$\((?:cat|<)(?:\s*[\w./@-]+\)?)?\Z")
"""Where a shell takes a value from: `$TOKEN`, `${TOKEN}`, `$(cat /run/token)`; all, or its first word."""
_NEXT = regex(r"([A-Za-z_]\w*)=")
_PATH = regex(r"(?:/[\w.@-]+)+/?\Z")

_SHAPES = (
    (
        ("-----BEGIN",),
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?"
        r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    ),
    (("eyJ",), r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
    (("AKIA", "ASIA", "ABIA", "ACCA"), r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{12,}"),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[A-Za-z0-9]{16,}"),
    (("github_pat_",), r"\bgithub_pat_\w{16,}"),
    (("glpat-",), r"\bglpat-[\w-]{16,}"),
    (("npm_",), r"\bnpm_[A-Za-z0-9]{20,}"),
    (("xox",), r"\bxox[abeoprs]-[\w-]{10,}"),
    (("AIza",), r"\bAIza[\w-]{20,}"),
    (("sk-", "sk_", "rk-", "rk_"), r"\b[sr]k[-_](?:live|test|ant|proj|or)[-_][\w-]{10,}"),
    (("hvs.",), r"\bhvs\.\w{20,}"),
    (("sk-",), r"\bsk-[A-Za-z0-9]{20,}"),
    (("dckr_pat_",), r"\bdckr_pat_[\w-]{16,}"),
    (("pypi-",), r"\bpypi-[\w-]{16,}"),
    ((".",), r"\b(?=[a-z]*[0-9])[a-z0-9]{6}\.(?=[a-z]*[0-9])[a-z0-9]{16}\b"),
    (("$",), r"\$(?:2[abxy]|[156]|apr1|argon2\w+|y)\$[^\s\"'`]{8,}"),
    (("@",), r"(?<=://)[^\s/@:\"'`]*:[^\s/@\"'`]+(?=@)|(?<=://)[^\s/@:\"'`]{12,}(?=@)"),
    (
        ("@",),
        r"(?<![\w/:.-])[\w.-]{1,64}:[^\s/@:\"'`]{3,}"
        r"(?=@(?!sha\d|v?\d+(?:\.\d+){0,2}(?:[-+]\w+)?(?![\w.:/@-])))",
    ),
    ((" ",), r"(?i:(?<=\bbearer )|(?<=\bbasic ))\s*(?=\S*[0-9=]|\S+[A-Z])[\w+/.~=-]{6,}"),
)
"""What looks like a secret wherever it is: marks, one of which is in it or next to it, and its pattern."""
_ASSIGNED = regex(
    r"(?P<name>[\w.-]{1,80})[\"'\\]*(?:\s*(?:[:=]=?>?)\s*|(?<=[A-Z_0-9])[ \t]+(?=\S))"
    r"(?P<value>\\?\"[^\"\n]+|\\?'[^'\n]+|[^\s\"',;&})\]]+)"
    r"|(?<=\s)--?(?P<option>[\w.-]{1,80})[ \t]+(?P<word>\"[^\"\n]+|'[^'\n]+|[^\s\"',;&})\]]+)"
)
"""A name and its value: `name=value`, `name: value`, `NAME value`, `--name value`."""
_SPOKEN = regex(
    r"passw|pasw|secret|token|credential|api.?key|private.?key|\bpwd\b|passphrase|\bpass\b", re.IGNORECASE
)
_LONG = regex(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=\D*\d)[A-Za-z0-9+/_-]{32,}={0,2}\Z")
_BASE64 = regex(r"[A-Za-z0-9+_-][A-Za-z0-9+/_-]{15,}={0,2}\Z")
_LEAST_RANDOM = 16
"""Characters of the shortest value that these two match."""
_DOCUMENT = regex(
    r"[Kk][Ii][Nn][Dd][\"'\\]*\s*:\s*(?:[\"'\\]+\s*)?(?i:secret|config\b|encryptionconfig)|(?i:string_?-?data)"
    r"|(?i:client-key-data|\bauths?(?:[\"'\\]+\s*:|\s*:(?=[\s\"'\\\[{]|\Z)))"
)
_NAMING = (
    *("pass", "pasw", "pwd", "secr", "secer", "serc", "token", "tokn", "cred", "key", "auth", "bearer"),
    *("docker", "connection", "dsn"),
)
"""In lower case, one of these is in every name that tells a secret."""
_GIVING = (":", "=", " ", "\t")
"""One of these is between a name and its value."""
_SHAPING = (
    *("-----BEGIN", "eyJ", "AKIA", "ASIA", "ABIA", "ACCA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "glpat-"),
    *("github_pat_", "npm_", "xox", "AIza", "sk-", "sk_", "rk-", "rk_", "hvs.", "dckr_pat_", "pypi-"),
    *("$", "@", "earer ", "EARER ", "asic ", "ASIC "),
)
"""One of these is in everything of a known shape, except bootstrap tokens."""
_SHORTEST = 8
_BOOTSTRAP = regex(r"[a-z0-9]{6}\.[a-z0-9]{16}")
_OTHER = ("stringd", "encryption", "provider", "users", "clusters", "basic", "private", "config", "binary")
_ESCAPES = ("\\x", "\\u", "\\U", "\\\n")
"""What may hide a telling word from a search."""
_ENCODED = regex(r"[A-Za-z0-9+/_-]{32}")


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A name without case and punctuation.

    >>> bare("DB_Password")
    'dbpassword'
    """
    return name.lower() if name.isascii() and name.isalnum() else _BARE.sub("", name.casefold())


def decoded(value: str) -> str:
    """What a value says in base64; empty if it isn't base64 of a text.

    >>> decoded("aHVudGVyMjI=")
    'hunter22'
    """
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def may_tell(text: str) -> bool:
    """Whether anything in a text could be a secret; False is certain, True is a reason to look closer."""
    low = text.lower()
    return (
        low.count("data") > low.count("metadata")
        or _has_any(low, _NAMING)
        or _has_any(low, _OTHER)
        or _has_any(text, _ESCAPES)
        or _may_be_shaped(text)
        or _ENCODED.search(text) is not None
    )


def _has_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words is in the text. It runs for every value, and is quicker than `any`."""
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


def _may_be_shaped(text: str) -> bool:
    if len(text) < _SHORTEST:
        return False
    return _has_any(text, _SHAPING) or ("." in text and _BOOTSTRAP.search(text) is not None)


def _strong(text: str) -> re.Pattern[str]:
    """A pattern for what looks like a secret in this text: few of the shapes are, and each takes its time."""
    return _of_shapes(tuple(pattern for marks, pattern in _SHAPES if _has_any(text, marks)))


@lru_cache(maxsize=256)
def _of_shapes(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return regex("|".join(patterns) or r"(?!)", re.DOTALL)


@lru_cache(maxsize=2048)
def is_secret_name(name: str, *, anywhere: bool = False) -> bool:
    """Whether a field of this name holds a secret; with `anywhere`, the telling word may be in its middle.

    >>> is_secret_name("clientSecret"), is_secret_name("secretName")
    (True, False)
    >>> is_secret_name("PASSWORD_OLD", anywhere=True)
    True
    """
    plain = bare(name)
    if _NO_SECRET.search(plain) or _ABOUT.search(plain):
        return False
    return (_CONTAINS if anywhere else _ENDS).search(plain) is not None or _PASS.search(name) is not None


def is_harmless(value: str) -> bool:
    """Whether a value isn't a secret, whatever its field is called: a switch, a small number, nothing."""
    return _PLAIN_VALUE.match(value.strip()) is not None


def is_long_random(value: str, name: str) -> bool:
    """Whether a value is encoded or random, in a field whose name doesn't say that it's public."""
    if len(value) < _LEAST_RANDOM or _is_public_name(name):
        return False
    plain = bare(name)
    text = "".join(value.split())
    return _LONG.match(text) is not None or (
        _KEYS.search(plain) is not None
        and _BASE64.match(text) is not None
        and any(c.isdigit() or c.isupper() for c in text)
    )


@lru_cache(maxsize=2048)
def _is_public_name(name: str) -> bool:
    """Whether the name of a field says that its value is public."""
    plain = bare(name)
    return _PUBLIC_DATA.search(plain) is not None or _ABOUT.search(plain) is not None


def comment_tells(comment: str) -> bool:
    """Whether a comment speaks of a secret: then it may say it."""
    return _SPOKEN.search(comment) is not None or is_shaped(comment)


def holds_document(value: str) -> bool:
    """Whether a value is itself a document that may have secrets: JSON of a Secret in an annotation."""
    return _DOCUMENT.search(value) is not None


def shaped(text: str) -> Iterator[str]:
    """The parts of a text that look like a secret wherever they are: private keys, tokens."""
    if _may_be_shaped(text):
        for match in _strong(text).finditer(text):
            yield match.group()


def is_shaped(text: str) -> bool:
    """Whether a part of a text looks like a secret."""
    return _may_be_shaped(text) and _strong(text).search(text) is not None


def without_shaped(text: str, word: str) -> str:
    """The text with `word` for each part that looks like a secret."""
    return _strong(text).sub(word, text) if _may_be_shaped(text) else text


def assigned(text: str) -> Iterator[tuple[int, int]]:
    """Where a text gives a value to a telling name (`--password=x`, `export TOKEN=x`, `ENV PASSWORD x`)."""
    last = max(map(text.rfind, _GIVING))
    if last < 0 or not _has_any(text.lower(), _NAMING):
        return
    start = 0
    while start <= last and (match := _ASSIGNED.search(text, start)) is not None:
        name, part = (match["name"], "value") if match["name"] else (match["option"], "word")
        value = match[part].strip("\\\"'")
        # In `note password=x`, what is a value here is the name of the next.
        start = match.start(part)
        following = _NEXT.match(value) if text[start - 1 : start].isspace() else None
        if following and is_secret_name(following[1], anywhere=True):
            continue
        if is_secret_name(name, anywhere=True):
            start = match.end()
            if not is_harmless(value) and not _PATH.match(value) and not _REFERENCE.match(value):
                yield match.span(part)
