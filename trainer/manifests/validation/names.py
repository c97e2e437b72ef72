"""The syntax of names, labels and keys, each as a test that answers what is wrong with a value.

Every function returns an empty string for a good value, else the rule that it breaks, in words
that follow "`name` is `My_App`: ". Follows apimachinery pkg/util/validation/validation.go (v1.35).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from trainer.patterns import regex
from trainer.versions import Version

NameRule = Callable[[str], str]
"""A test of a value: an empty string, or the rule that it breaks."""

_LABEL = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_LABEL_1035 = regex(r"[a-z](?:[-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_SUBDOMAIN_UNDERSCORE = regex(r"[a-z0-9_](?:[-_a-z0-9]*[a-z0-9_])?(?:\.[a-z0-9_](?:[-_a-z0-9]*[a-z0-9_])?)*")
_NAME_PART = regex(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_PORT_NAME = regex(r"[-a-z0-9]+")
_KEY = regex(r"[-._a-zA-Z0-9]+")
_HEADER = regex(r"[-A-Za-z0-9]+")
_LETTER = regex(r"[a-z]")
_PRINTABLE = regex(r"[\x20-\x3c\x3e-\x7e]+")

_LABEL_RULE = "it takes lower case letters, digits and `-`, and starts and ends with a letter or digit"
_SUBDOMAIN_RULE = (
    "it takes lower case letters, digits, `-` and `.`, and starts and ends with a letter or digit"
)
_PART_RULE = "it takes letters, digits, `-`, `_` and `.`, and starts and ends with a letter or digit"


def dns_label(value: str) -> str:
    """A label of RFC 1123: namespaces, containers, volumes (`IsDNS1123Label`)."""
    if len(value) > 63:
        return "it is longer than 63 characters"
    return "" if _LABEL.fullmatch(value) else _LABEL_RULE


def dns_label_1035(value: str) -> str:
    """A label of RFC 1035: it starts with a letter (`IsDNS1035Label`)."""
    if len(value) > 63:
        return "it is longer than 63 characters"
    if _LABEL_1035.fullmatch(value):
        return ""
    return "it takes lower case letters, digits and `-`, starts with a letter and ends with a letter or digit"


def service_name(kubernetes: Version) -> NameRule:
    """How a Service is named: a first digit is fine from v1.36 on (feature RelaxedServiceNameValidation)."""
    return dns_label if kubernetes >= Version(1, 36) else dns_label_1035


def dns_subdomain(value: str) -> str:
    """A subdomain of RFC 1123: names of most objects (`IsDNS1123Subdomain`)."""
    if len(value) > 253:
        return "it is longer than 253 characters"
    return "" if _SUBDOMAIN.fullmatch(value) else _SUBDOMAIN_RULE


def dns_subdomain_underscore(value: str) -> str:
    """A subdomain with `_`: DNS search paths (`IsDNS1123SubdomainWithUnderscore`)."""
    if len(value) > 253:
        return "it is longer than 253 characters"
    return "" if _SUBDOMAIN_UNDERSCORE.fullmatch(value) else _SUBDOMAIN_RULE


def wildcard_subdomain(value: str) -> str:
    """`*.` and a subdomain: hosts of an Ingress (`IsWildcardDNS1123Subdomain`)."""
    if len(value) > 253:
        return "it is longer than 253 characters"
    if value.startswith("*.") and _SUBDOMAIN.fullmatch(value[2:]):
        return ""
    return "a host with `*` has it as the whole first label, as in `*.example.com`"


def path_segment(value: str) -> str:
    """A name that can be part of a URL path: RBAC objects (`IsValidPathSegmentName`)."""
    if value in (".", ".."):
        return f"it may not be `{value}`"
    return "it may not contain `/` or `%`" if "/" in value or "%" in value else ""


def qualified_name(value: str) -> str:
    """`name` or `prefix.example/name`: label and annotation keys, resources (`IsQualifiedName`)."""
    prefix, slash, name = value.partition("/")
    if not slash:
        name = prefix
    elif "/" in name:
        return "it takes one `/` at most: an optional domain, then the name"
    elif not prefix:
        return "the part before `/` is empty"
    elif dns_subdomain(prefix):
        return "the part before `/` isn't a domain name: " + dns_subdomain(prefix)
    if not name:
        return "the name is empty"
    if len(name) > 63:
        return "the name is longer than 63 characters"
    return "" if _NAME_PART.fullmatch(name) else _PART_RULE


def label_value(value: str) -> str:
    """The value of a label: may be empty (`IsValidLabelValue`)."""
    if len(value) > 63:
        return "a label's value has 63 characters at most"
    if not value or _NAME_PART.fullmatch(value):
        return ""
    return (
        "a label's value takes letters, digits, `-`, `_` and `.`, "
        "and starts and ends with a letter or digit (no spaces)"
    )


def port_name(value: str) -> str:
    """The name of a port (`IsValidPortName`)."""
    if len(value) > 15:
        return "a port's name has 15 characters at most"
    if not _PORT_NAME.fullmatch(value):
        return "a port's name takes lower case letters, digits and `-`"
    if not _LETTER.search(value):
        return "a port's name has at least one letter (a number is written without quotes)"
    if "--" in value:
        return "a port's name may not have `--`"
    if value[0] == "-" or value[-1] == "-":
        return "a port's name may not start or end with `-`"
    return ""


def port_number(value: int) -> str:
    """A port number (`IsValidPortNum`)."""
    return "" if 1 <= value <= 65535 else "a port is a number from 1 to 65535"


def environment_name(value: str) -> str:
    """The name of an environment variable, relaxed since v1.32 (`IsRelaxedEnvVarName`)."""
    return "" if _PRINTABLE.fullmatch(value) else "it takes printable ASCII characters except `=`"


def config_key(value: str) -> str:
    """A key of a ConfigMap or Secret (`IsConfigMapKey`)."""
    if len(value) > 253:
        return "a key has 253 characters at most"
    if not _KEY.fullmatch(value):
        return "a key takes letters, digits, `-`, `_` and `.`"
    if value == "." or value.startswith(".."):
        return "a key may not be `.` and may not start with `..`"
    return ""


def header_name(value: str) -> str:
    """The name of an HTTP header (`IsHTTPHeaderName`)."""
    return "" if _HEADER.fullmatch(value) else "a header's name takes letters, digits and `-`"


def prefix_of(rule: NameRule) -> NameRule:
    """The rule for a name's beginning (`generateName`): a `-` at its end is fine."""

    def check(value: str) -> str:
        return rule(value[:-1] + "a" if len(value) > 1 and value.endswith("-") else value)

    return check


def suggestion(value: str, rule: NameRule) -> str:
    """A good name near a bad one, or an empty string: `My_App` becomes `my-app`."""
    lower = re.sub(r"[^-a-z0-9.]+", "-", value.lower()).strip("-.")
    for candidate in (lower, lower.replace(".", "-"), lower[:63].strip("-.")):
        if candidate and candidate != value and not rule(candidate):
            return candidate
    return ""
