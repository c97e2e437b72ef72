"""The authorizer of expressions."""

from __future__ import annotations

from typing import Any

from trainer.simulate.cel.authorizer import AUTHORIZER, Check
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.syntax import parse_expression


def ask(text: str) -> tuple[Any, list[tuple[str, dict[str, str]]]]:
    asked: list[tuple[str, dict[str, str]]] = []

    def decide(account: str, request: dict[str, str]) -> tuple[bool, str]:
        asked.append((account, request))
        return request["verb"] == "get", "because"

    return evaluate(parse_expression(text), {"authorizer": Check(AUTHORIZER, decide)}), asked


def test_resources() -> None:
    text = "authorizer.group('apps').resource('deployments').subresource('scale').namespace('a').name('n').check('get').allowed()"
    allowed, asked = ask(text)
    assert allowed is True
    wanted = {
        "group": "apps",
        "resource": "deployments",
        "subresource": "scale",
        "namespace": "a",
        "name": "n",
    }
    assert asked == [("", wanted | {"verb": "get"})]


def test_paths_accounts_and_reasons() -> None:
    assert ask("authorizer.path('/healthz').check('post').allowed()")[0] is False
    found, asked = ask("authorizer.serviceAccount('ns', 'sa').path('/x').check('get').reason()")
    assert (found, asked[0][0]) == ("because", "ns/sa")
    assert ask("authorizer.path('/x').check('get').errored()")[0] is False
