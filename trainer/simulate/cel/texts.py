"""Regular expressions, URLs and named formats in CEL.

Follows k8s.io/apiserver v1.35 `pkg/cel/library/regex.go`, `urls.go` and `format.go`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from trainer.manifests.validation.names import (
    dns_label,
    dns_label_1035,
    dns_subdomain,
    label_value,
    qualified_name,
)
from trainer.simulate.cel.functions import Function, opaque
from trainer.simulate.cel.values import NOTHING, Optional

URL, FORMAT = "kubernetes.URL", "kubernetes.NamedFormat"


def compiled(text: str) -> Any:
    """A pattern of RE2. Raises `ValueError`."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        raise ValueError(f"Illegal regex: {error}") from error


def _find(text: str, pattern: str) -> str:
    match = compiled(pattern).search(text)
    return match.group(0) if match else ""


def _find_all(text: str, pattern: str, most: int = -1) -> list[str]:
    found: list[str] = []
    for match in compiled(pattern).finditer(text):
        if 0 <= most <= len(found):
            break
        found.append(match.group(0))
    return found


def _url(text: str) -> dict[str, Any]:
    """`url.ParseRequestURI` of Go: an absolute URL or an absolute path."""
    parts = urlsplit(text)
    bad = any(ord(char) <= 32 or ord(char) == 127 for char in text)
    bad = bad or re.search(r"%(?![0-9A-Fa-f]{2})", text) is not None
    host_bad = bool(re.search(r"[\s\\^`{}|]", parts.netloc))
    absolute = bool(parts.scheme) and (text.partition(":")[2].startswith("/"))
    if bad or host_bad or not (absolute or text.startswith("/")):
        raise ValueError(
            f"URL parse error during conversion from string: parse {text!r}: invalid URI for request"
        )
    host = parts.netloc.rpartition("@")[2]
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?", host)
    if match is None:
        raise ValueError(f"URL parse error during conversion from string: parse {text!r}: invalid host")
    query = dict(parse_qs(parts.query, keep_blank_values=True).items())
    return opaque(
        URL,
        scheme=parts.scheme,
        host=host,
        hostname=match[1].strip("[]"),
        port=match[2] or "",
        path=quote(parts.path, safe="/%:@!$&'()*+,;=~"),
        query=query,
    )


def _is_url(text: str) -> bool:
    try:
        _url(text)
    except ValueError:
        return False
    return True


def _problem(check: Callable[[str], Any]) -> Callable[[str], list[str]]:
    def problems(text: str) -> list[str]:
        said = check(text)
        return [str(said)] if said else []

    return problems


def _matching(pattern: str) -> Callable[[str], list[str]]:
    known = re.compile(pattern, re.ASCII)
    return lambda text: [] if known.fullmatch(text) else ["does not match the format"]


def _uri(text: str) -> list[str]:
    return [] if _is_url(text) else ["invalid URI for request"]


def _with_prefix(check: Callable[[str], Any]) -> Callable[[str], list[str]]:
    """A name's prefix (`generateName`) may end in a hyphen."""
    return _problem(lambda text: check(text[:-1] + "a" if text.endswith("-") else text))


_FORMATS: dict[str, Callable[[str], list[str]]] = {
    "dns1123Label": _problem(dns_label),
    "dns1123Subdomain": _problem(dns_subdomain),
    "dns1035Label": _problem(dns_label_1035),
    "qualifiedName": _problem(qualified_name),
    "dns1123LabelPrefix": _with_prefix(dns_label),
    "dns1123SubdomainPrefix": _with_prefix(dns_subdomain),
    "dns1035LabelPrefix": _with_prefix(dns_label_1035),
    "labelValue": _problem(label_value),
    "uri": _uri,
    "uuid": _matching(r"(?i:[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})"),
    "byte": _matching(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"),
    "date": _matching(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "datetime": _matching(r"\d{4}-\d\d-\d\d[Tt ][0-2]\d:[0-5]\d:[0-6]\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)"),
}


def _named(name: str) -> Optional:
    return Optional(True, opaque(FORMAT, name=name)) if name in _FORMATS else NOTHING


def _validate(value: dict[str, Any], text: str) -> Optional:
    problems = _FORMATS[value["name"]](text)
    return Optional(True, problems) if problems else NOTHING


def _maker(name: str) -> Callable[[], dict[str, Any]]:
    return lambda: opaque(FORMAT, name=name)


def _field(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda value: value[name]


FUNCTIONS = (
    Function("find", ("string", "string"), "string", _find),
    Function("findAll", ("string", "string"), "list(string)", _find_all),
    Function("findAll", ("string", "string", "int"), "list(string)", _find_all),
    Function("url", ("string",), URL, _url, member=False),
    Function("isURL", ("string",), "bool", _is_url, member=False),
    Function("getScheme", (URL,), "string", _field("scheme")),
    Function("getHost", (URL,), "string", _field("host")),
    Function("getHostname", (URL,), "string", _field("hostname")),
    Function("getPort", (URL,), "string", _field("port")),
    Function("getEscapedPath", (URL,), "string", _field("path")),
    Function("getQuery", (URL,), "map(string, list(string))", _field("query")),
    Function("format.named", ("string",), f"optional({FORMAT})", _named, member=False),
    Function("validate", (FORMAT, "string"), "optional(list(string))", _validate),
    *(Function(f"format.{name}", (), FORMAT, _maker(name), member=False) for name in _FORMATS),
)
