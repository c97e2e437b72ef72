"""Rule `network-flow` with policies of Cilium: verdicts, and reasons in the words of Cilium."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests import pictures
from tests.simulate.network.test_cilium import WORLD, api, rule
from tests.table import each_row
from trainer.content.catalogue import find_card
from trainer.content.locate import builtin_pack
from trainer.grading.grade import grade
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import network_flow
from trainer.rules.network_flow import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status


def manifests(text: str) -> list[Manifest]:
    return [Manifest(document.value, document) for document in parse(text.encode(), "a.yaml").documents]


def outcome(answer: str, **params: Any) -> Outcome:
    old, new = manifests(WORLD), manifests(answer)
    return pictures.judged(
        network_flow, World((*old, *new), tuple(old), tuple(new)), msgspec.convert(params, Params)
    )


WEB_TO_API = {"from": "shop/app=web", "to": "shop/app=api", "port": 8080}
ONLY_WEB: dict[str, Any] = {"allow": [WEB_TO_API], "deny": [{"from": "*/*", "to": "shop/app=api"}]}
META: dict[str, Any] = {"deny": [{"from": "shop/app=api", "to": "ip:169.254.169.254"}]}
REST: dict[str, Any] = {"ignore": META["deny"], "rest": "unchanged"}
PORT = "toPorts: [{ports: [{port: '8080', protocol: TCP}]}]"
WEB = "fromEndpoints: [{matchLabels: {app: web}}]"
DENY = "egressDeny: [{toCIDR: [169.254.169.254/32]}]"
OPEN = "enableDefaultDeny: {egress: false}"


@each_row(
    ("answer", "params"),
    [
        (api(f"ingress: [{{{WEB}, {PORT}}}]"), ONLY_WEB),
        (
            api(f"ingress: [{{{WEB}, {PORT}, authentication: {{mode: required}}}}]"),
            {"authenticated": [WEB_TO_API]},
        ),
        (api(f"{DENY}, {OPEN}"), META),
        (api(f"{DENY}, {OPEN}"), REST),
        (api(f"{DENY}, egress: [{{toEntities: [all]}}]"), REST),
    ],
)
def test_right_answers(answer: str, params: dict[str, Any]) -> None:
    found = outcome(answer, **params)
    assert (found.status, found.evidence) == (Status.PASS, ())


@each_row(
    ("answer", "params", "words", "path"),
    [
        (api(f"ingress: [{{{WEB}}}]"), ONLY_WEB, "This ingress rule has no `toPorts`, so it opens every port.", "spec.ingress[0]"),
        (api(f"ingress: [{{{WEB}, {PORT.replace(', protocol: TCP', '')}}}]"), ONLY_WEB, "opens TCP 8080; UDP 8080; SCTP 8080, more than", "spec.ingress[0].toPorts[0].ports[0]"),
        (api(f"ingress: [{{fromEntities: [cluster], {PORT}}}]"), ONLY_WEB, "This entry of `fromEntities` covers the entity `cluster`", "spec.ingress[0].fromEntities[0]"),
        (api(f"ingress: [{{fromEndpoints: [{{matchLabels: {{io.kubernetes.pod.namespace: shop}}}}, {{matchLabels: {{app: web}}}}], {PORT}}}]"), ONLY_WEB, "starts a second entry of `fromEndpoints`", "spec.ingress[0].fromEndpoints[1]"),
        (api(f"ingress: [{{fromCIDR: [10.0.0.0/8], {PORT}}}]"), ONLY_WEB, "ranges of addresses cover no Pods", "spec.ingress[0].fromCIDR[0]"),
        (api(f"ingress: [{{fromEntities: [world], {PORT}}}]"), ONLY_WEB, "the entity `world` is something else", "spec.ingress[0].fromEntities[0]"),
        (api("ingress: [{}]"), ONLY_WEB, "No ingress rule of CiliumNetworkPolicy shop/p covers shop/web", "spec.ingress"),
        (api(f"ingress: [{{{WEB}, {PORT}}}], ingressDeny: [{{fromEndpoints: [{{}}]}}]"), ONLY_WEB, "This `ingressDeny` rule covers every Pod in Namespace shop, including shop/web (app=web). What a rule denies stays denied.", "spec.ingressDeny[0].fromEndpoints[0]"),
        (api(f"ingress: [{{{WEB}, {PORT}}}]"), {"authenticated": [WEB_TO_API]}, "This ingress rule doesn't require authentication: it sets no mode.", "spec.ingress[0]"),
        (api(f"ingress: [{{{WEB}, {PORT}, authentication: {{mode: test-always-fail}}}}]"), {"authenticated": [WEB_TO_API]}, "With `authentication.mode: test-always-fail` nothing of shop/web gets through.", "spec.ingress[0]"),
        (api(DENY), REST, "`egressDeny` closes all other egress, too, unless a rule or `enableDefaultDeny` opens it.", "spec.egressDeny"),
        (api(f"egressDeny: [{{}}], {OPEN}"), META, "This `egressDeny` rule names no peer and no port.", "spec.egressDeny[0]"),
        (api(f"egressDeny: [{{toEntities: [cluster]}}], {OPEN}"), META, "This `egressDeny` rule doesn't cover 169.254.169.254.", "spec.egressDeny[0]"),
        (api(f"egressDeny: [{{toCIDR: [169.254.169.254/32], {PORT}}}], {OPEN}"), META, "This `egressDeny` rule only covers TCP 8080, not TCP 80.", "spec.egressDeny[0]"),
        (api(f"{DENY}, {OPEN}").replace("app: api", "app: x"), META, "the endpointSelector of CiliumNetworkPolicy shop/p (app=x) selects no Pod at all", "spec.endpointSelector"),
        (api("ingressDeny: [{fromCIDR: [169.254.169.254/32]}]"), META, "No policy applies to traffic out of shop/api, so all of it is allowed: CiliumNetworkPolicy shop/p selects it, but has no `egress` rules.", "spec.endpointSelector"),
        (api("egress: [{toCIDRSet: [{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}]}]"), META, "covers 0.0.0.0/0 except 10.0.0.0/8, including 169.254.169.254.", "spec.egress[0].toCIDRSet[0].except"),
        (rule(f"{{endpointSelector: {{}}, ingress: [{{{WEB}, {PORT}}}]}}"), {"rest": "unchanged", "ignore": [{"from": "*/*", "to": "shop/app=api"}]}, "`endpointSelector: {}` of CiliumNetworkPolicy shop/p selects every Pod of Namespace shop", "spec.endpointSelector"),
    ],
)  # fmt: skip
def test_wrong_answers(answer: str, params: dict[str, Any], words: str, path: str) -> None:
    found = outcome(answer, **params)
    assert found.status is Status.FAIL
    assert found.evidence
    matching = [reason for reason in found.reasons if words in reason.message]
    assert matching, [reason.message for reason in found.reasons]
    assert matching[0].location
    assert matching[0].location.path == path


def test_a_clusterwide_policy_reaches_new_pods_everywhere() -> None:
    wide = rule("{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}", "CiliumClusterwideNetworkPolicy")
    host = {"from": "outside", "to": "shop/host"}
    found = outcome(wide, deny=[{"from": "outside", "to": "*/*"}], ignore=[host])
    assert found.status is Status.PASS
    on_host = outcome(wide, deny=[host])
    assert on_host.reasons[0].message == "shop/host is on the host network: no policy applies to it."
    assert (on_host.status, on_host.evidence) == (
        Status.FAIL,
        ("203.0.113.7 reaches shop/host on every port.",),
    )
    narrow = rule(
        "{endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: other}}, ingress: [{}]}",
        "CiliumClusterwideNetworkPolicy",
    )
    assert outcome(narrow, deny=[{"from": "outside", "to": "other/*"}]).status is Status.PASS
    assert outcome(narrow, deny=[{"from": "outside", "to": "*/*"}]).status is Status.FAIL


def test_plain_rows_and_parameters() -> None:
    plain = outcome(api(f"ingress: [{{{WEB}, {PORT}}}]"), authenticated=[WEB_TO_API])
    assert plain.evidence[0] == "shop/web reaches shop/api on TCP 8080 without mutual authentication."
    nothing = outcome("", authenticated=[WEB_TO_API])
    assert nothing.reasons[0].message == "No policy of Cilium requires shop/web and shop/api to authenticate."
    with pytest.raises(msgspec.ValidationError, match="by belongs to rows of deny"):
        msgspec.convert({"authenticated": [WEB_TO_API | {"by": "egress"}]}, Params)


def test_a_flow_that_the_answer_opens_has_the_line_of_the_rule_that_opens_it() -> None:
    card = find_card("cilium-metadata", builtin_pack())
    text = (
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: no-metadata, namespace: cloud}\n"
        "spec:\n  endpointSelector: {matchLabels: {zone: public}}\n  egress: [{toEntities: [all]}]\n"
        "  egressDeny: [{toCIDR: [169.254.169.254/32]}]\n"
    )
    verdict = grade(card, Answer((AnswerFile("policy.yaml", text.encode()),)))
    rest = next(one for one in verdict.checks if one.id == "rest-unchanged")
    assert [one.location.path for one in rest.reasons if one.location] == ["spec.egress[0].toEntities[0]"]
