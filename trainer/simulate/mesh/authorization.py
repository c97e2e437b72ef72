"""Which requests does a workload's sidecar let through, by its AuthorizationPolicies?

Follows pilot/pkg/security/authz/model (model.go, generator.go), authz/builder/builder.go and
pilot/pkg/model/authorization.go of istio/istio (1.32), and
https://istio.io/latest/docs/reference/config/security/authorization-policy/:

- policies of the root namespace and of the workload's own apply, if their selector matches; one with
  `targetRefs` never applies to a sidecar, and one with the annotation `istio.io/dry-run` only logs;
- CUSTOM comes first (an outside service decides: not judged), then DENY: one matching rule refuses. Without
  an ALLOW policy everything else is accepted, with one only what a rule of any ALLOW policy matches. AUDIT
  only logs;
- a policy without rules never matches, a rule `{}` always; the entries of `from`, of `to` and of each list
  are ORed; `from`, `to` and `when`, and the fields of one entry, are ANDed; `not...` excludes;
- principals, namespaces and ServiceAccounts come from the client's certificate: a plaintext client has
  none, so that a list of them never matches it, and its `not` form always does;
- on a port that a Service declares as plain TCP, a rule with HTTP fields never allows, and a DENY rule is
  judged without these fields.

Requests carry no token of an end user; where a RequestAuthentication would read one, such rules are not
judged. Neither are conditions on the name of the TLS session and on the filters of Envoy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mapping, text, text_mapping, texts
from trainer.simulate.mesh.peers import ROOT
from trainer.simulate.mesh.sidecars import TRUST_DOMAIN
from trainer.simulate.network.addresses import Address, parse_address, parse_cidr
from trainer.verdict import Location

HEADERS = "request.headers["
DRY_RUN = "istio.io/dry-run"
_HTTP = frozenset(("methods", "paths", "hosts", "request.headers", "requestPrincipals", "request.auth"))
_OF_CLIENT = {
    "namespaces": "namespace",
    "source.namespace": "namespace",
    "serviceAccounts": "account",
    "source.serviceAccount": "account",
    "trustDomains": "domain",
    "source.trustDomain": "domain",
}
_TEXTS = {"principals": "principal", "source.principal": "principal", "methods": "method"}
_ADDRESSES = {
    "ipBlocks": "address",
    "remoteIpBlocks": "address",
    "source.ip": "address",
    "remote.ip": "address",
    "destination.ip": "target",
}
_TRUE = ("1", "t", "T", "true", "TRUE", "True")

Outcome = Literal["accepted", "refused"]


class Request(msgspec.Struct, frozen=True):
    """An HTTP request as the server's sidecar sees it."""

    namespace: str
    account: str
    certified: bool
    """Whether the client shows a certificate of the mesh."""
    address: Address
    target: Address
    port: int
    method: str = "GET"
    path: str = "/"
    host: str = ""
    header: tuple[str, str] | None = None
    """The name, in lower case, and the value of a header that the client sets."""
    tcp: bool = False
    """Whether a Service declares the port as plain TCP: then nothing of HTTP is seen."""

    @property
    def principal(self) -> str:
        """The name in the client's certificate: `cluster.local/ns/shop/sa/web`; empty without one."""
        if not self.certified:
            return ""
        return f"{TRUST_DOMAIN}/ns/{self.namespace}/sa/{self.account}"


class _Attribute(msgspec.Struct, frozen=True, eq=False):
    """What an entry says of one attribute of requests."""

    name: str
    http: bool
    wanted: Path
    lists: tuple[tuple[Path, bool, tuple[str, ...]], ...]
    """Each list of values with its place, and whether it excludes them."""


class _Entry(msgspec.Struct, frozen=True, eq=False):
    """A source, an operation, or all conditions of a rule."""

    path: Path
    attributes: tuple[_Attribute, ...]


class _Rule(msgspec.Struct, frozen=True, eq=False):
    """A rule: one of its sources, one of its operations and all its conditions match a request."""

    sources: tuple[_Entry, ...]
    operations: tuple[_Entry, ...]
    when: _Entry


class AccessPolicy(msgspec.Struct, frozen=True, eq=False):
    """An AuthorizationPolicy that applies to sidecars."""

    manifest: Manifest
    labels: dict[str, str]
    action: str
    rules: tuple[tuple[int, dict[str, Any]], ...]
    read: dict[int, _Rule]

    @property
    def title(self) -> str:
        """The policy in a sentence."""
        return self.manifest.title

    def applies(self, namespace: str, labels: Mapping[str, str]) -> bool:
        """Whether it is about a workload."""
        return self.manifest.namespace in (ROOT, namespace) and self.labels.items() <= labels.items()


class Decision(msgspec.Struct, frozen=True, eq=False):
    """What the policies say to a request: `why` is a clause, `path` leads to the rule that decides."""

    accepted: bool
    why: str
    manifest: Manifest | None = None
    path: Path = ()
    near: tuple[Path, ...] = ()
    """The values that keep the nearest ALLOW rule from matching."""
    passed: tuple[Path, ...] = ()
    """The `source` and the `operation` of the matching ALLOW rule that match, if it has them."""

    @property
    def location(self) -> Location | None:
        """The line that decides."""
        return self.manifest.where(*self.path) if self.manifest else None


def access_policies(manifests: Sequence[Manifest]) -> list[AccessPolicy]:
    """The AuthorizationPolicies among these objects that can refuse or accept something at a sidecar."""
    found = []
    for manifest in manifests:
        if manifest.kind != "AuthorizationPolicy" or manifest.group != "security.istio.io":
            continue
        spec = mapping(manifest.data.get("spec"))
        if spec.get("targetRef") or spec.get("targetRefs") or _is_dry(manifest):
            continue
        labels = text_mapping(mapping(spec.get("selector")).get("matchLabels"))
        action = text(spec.get("action")) or "ALLOW"
        rules = tuple(indexed(spec.get("rules")))
        read = {index: _read(index, rule) for index, rule in rules}
        found.append(AccessPolicy(manifest, labels, action, rules, read))
    return found


def decide(policies: Sequence[AccessPolicy], request: Request, *, explain: bool = True) -> Decision:
    """What these policies, which all apply to the workload, say. Raises `NotJudged`.

    Without `explain`, the nearest rule isn't searched if none matches.
    """
    for policy in policies:
        if policy.action == "CUSTOM" and any(_matches(policy, index, request) for index in policy.read):
            raise NotJudged(
                f"{policy.title}: an outside service decides (action CUSTOM)", policy.manifest.where("spec")
            )
    for policy in policies:
        if policy.action == "DENY":
            for index in policy.read:
                if _matches(policy, index, request):
                    why = f"rule {index + 1} of {policy.title} (action DENY) matches it"
                    return Decision(False, why, policy.manifest, ("spec", "rules", index))
    allowing = [policy for policy in policies if policy.action == "ALLOW"]
    if not allowing:
        return Decision(
            True, "no AuthorizationPolicy with action ALLOW applies, so every request is accepted"
        )
    for policy in allowing:
        for index in policy.read:
            if _matches(policy, index, request):
                why = f"rule {index + 1} of {policy.title} matches it"
                passed = tuple(_passed(policy, index, request)) if explain else ()
                return Decision(True, why, policy.manifest, ("spec", "rules", index), passed=passed)
    if not explain:
        return Decision(False, "no rule matches it", allowing[0].manifest, ("spec",))
    return _nothing_allows(allowing, request)


def _nothing_allows(policies: Sequence[AccessPolicy], request: Request) -> Decision:
    """That no ALLOW rule matches: the rule with the fewest fields that don't match, and these."""
    titles = ", ".join(policy.title for policy in policies)
    near: tuple[int, AccessPolicy, list[Path]] | None = None
    for policy in policies:
        for index in policy.read:
            missed = list(_missed(policy, index, request))
            if missed and (near is None or len(missed) < near[0]):
                near = len(missed), policy, missed
    if near is None:
        policy = policies[0]
        return Decision(
            False, f"{titles} has no rule, so it refuses every request", policy.manifest, ("spec",)
        )
    _, policy, missed = near
    why = f"no rule of {titles} matches it"
    return Decision(False, why, policy.manifest, missed[0], tuple(missed))


def _matches(policy: AccessPolicy, index: int, request: Request) -> bool:
    return next(_missed(policy, index, request), None) is None


def _missed(policy: AccessPolicy, index: int, request: Request) -> Iterator[Path]:
    """The places of a rule that keep it from matching."""
    rule = policy.read[index]
    for entries in (rule.sources, rule.operations):
        misses = [list(_missed_of(policy, entry, request)) for entry in entries]
        if misses and all(misses):
            yield from min(misses, key=len)
    yield from _missed_of(policy, rule.when, request)


def _passed(policy: AccessPolicy, index: int, request: Request) -> Iterator[Path]:
    """The first source, and the first operation, of a matching rule that match."""
    rule = policy.read[index]
    for side in (rule.sources, rule.operations):
        for entry in side:
            if next(_missed_of(policy, entry, request), None) is None:
                yield entry.path
                break


def _missed_of(policy: AccessPolicy, entry: _Entry, request: Request) -> Iterator[Path]:
    """The fields of an entry that don't match: lists of wanted and of unwanted values."""
    for attribute in entry.attributes:
        if request.tcp and attribute.http:
            if policy.action != "DENY":
                yield attribute.wanted
            continue
        for path, negative, values in attribute.lists:
            if any(_value(policy, attribute.name, value, request, path) for value in values) is negative:
                yield path


def _read(index: int, rule: dict[str, Any]) -> _Rule:
    """A rule as requests are compared with it: often, so it is read once."""
    base: Path = ("spec", "rules", index)
    when = [
        _attribute(text(condition.get("key")), condition, ("values", "notValues"), (*base, "when", place))
        for place, condition in indexed(rule.get("when"))
    ]
    return _Rule(
        tuple(_entries(rule, (*base, "from"), "source")),
        tuple(_entries(rule, (*base, "to"), "operation")),
        _Entry((*base, "when"), tuple(when)),
    )


def _entries(rule: dict[str, Any], base: Path, inner: str) -> Iterator[_Entry]:
    """The sources, or the operations, of a rule."""
    for place, item in indexed(rule.get(str(base[-1]))):
        entry, path = mapping(item.get(inner)), (*base, place, inner)
        names = dict.fromkeys(_positive(name) for name in entry)
        pairs = {name: (name, f"not{name[:1].upper()}{name[1:]}") for name in names}
        yield _Entry(path, tuple(_attribute(name, entry, pair, path) for name, pair in pairs.items()))


def _attribute(name: str, entry: dict[str, Any], pair: tuple[str, str], path: Path) -> _Attribute:
    lists = [
        ((*path, field), negative, tuple(values))
        for field, negative in ((pair[0], False), (pair[1], True))
        if (values := texts(entry.get(field)))
    ]
    return _Attribute(name, name.partition("[")[0].startswith(tuple(_HTTP)), (*path, pair[0]), tuple(lists))


def _positive(name: str) -> str:
    return name[3].lower() + name[4:] if name.startswith("not") and name[3:4].isupper() else name


def _value(policy: AccessPolicy, name: str, value: str, request: Request, path: Path) -> bool:
    """Whether a value of a field, or of a condition's key, matches the request."""
    if name in _OF_CLIENT:
        return request.certified and _client(policy, _OF_CLIENT[name], value, request)
    if name in _TEXTS:
        return _pattern(value, getattr(request, _TEXTS[name]))
    if name in _ADDRESSES:
        return _covers(value, getattr(request, _ADDRESSES[name]))
    match name:
        case "ports" | "destination.port":
            return value.isdecimal() and int(value) == request.port
        case "paths":
            return path_matches(value, request.path)
        case "hosts":
            return _pattern(value.lower(), request.host.lower())
    if name.startswith(HEADERS):
        own, sent = header_of(name), request.header
        return sent is not None and sent[0] == own and _pattern(value, sent[1])
    if name == "requestPrincipals" or name.startswith("request.auth."):
        return False
    raise NotJudged(f"the attribute {name}", policy.manifest.where(*path))


def header_of(key: str) -> str:
    """The name of the header that a condition's key is about."""
    return key.removeprefix(HEADERS).removesuffix("]").lower()


def uses_tokens(policies: Sequence[AccessPolicy]) -> bool:
    """Whether a policy is about tokens of end users."""
    for policy in policies:
        for _, rule in policy.rules:
            sources = [mapping(one.get("source")) for _, one in indexed(rule.get("from"))]
            keys = [text(one.get("key")) for _, one in indexed(rule.get("when"))]
            fields = [field for source in sources for field in source]
            if any(_positive(field) == "requestPrincipals" for field in fields):
                return True
            if any(key.startswith("request.auth.") for key in keys):
                return True
    return False


def _client(policy: AccessPolicy, kind: str, value: str, request: Request) -> bool:
    """Whether a value about the client's certificate matches it."""
    if kind == "namespace":
        return _glob(value, request.namespace)
    if kind == "domain":
        return _pattern(value, TRUST_DOMAIN)
    namespace, _, account = value.rpartition("/")
    return (namespace or policy.manifest.namespace, account) == (request.namespace, request.account)


def _pattern(value: str, have: str) -> bool:
    """A value with `*` at its start or end (`StringMatcher`); `*` alone is anything that is there."""
    if value == "*":
        return bool(have)
    if value.startswith("*"):
        return bool(have) and have.endswith(value[1:])
    if value.endswith("*"):
        return bool(have) and have.startswith(value[:-1])
    return have == value


def _glob(value: str, have: str) -> bool:
    """A namespace with `*` anywhere."""
    parts = value.split("*")
    if len(parts) == 1:
        return value == have
    if not have.startswith(parts[0]) or not have.endswith(parts[-1]):
        return False
    spot, last = len(parts[0]), len(have) - len(parts[-1])
    for part in parts[1:-1]:
        spot = have.find(part, spot, last)
        if spot < 0:
            return False
        spot += len(part)
    return spot <= last


def path_matches(value: str, have: str) -> bool:
    """A path with `*` at its start or end, or a template with `{*}` and `{**}`; without the query."""
    have = have.partition("?")[0]
    if "{*}" not in value and "{**}" not in value:
        return _pattern(value, have)
    wanted, parts = value.strip("/").split("/"), have.lstrip("/").split("/")
    for index, part in enumerate(wanted):
        if part == "{**}":
            return _ends(wanted[index + 1 :], parts[index:])
        if (
            index >= len(parts)
            or (part != "{*}" and part != parts[index])
            or (part == "{*}" and not parts[index])
        ):
            return False
    return len(wanted) == len(parts)


def _ends(wanted: list[str], parts: list[str]) -> bool:
    """Whether what follows `{**}` is the end of the path."""
    return not wanted or (len(parts) >= len(wanted) and parts[-len(wanted) :] == wanted)


def _covers(value: str, address: Address) -> bool:
    if "/" in value:
        span = parse_cidr(value)
        return span is not None and address in span
    return parse_address(value) == address


def _is_dry(manifest: Manifest) -> bool:
    return mapping(manifest.metadata.get("annotations")).get(DRY_RUN) in _TRUE
