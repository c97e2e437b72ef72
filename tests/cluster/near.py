"""A connection whose calls reach the fake API server without HTTP, for tests that make thousands of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec

from tests.cluster.fake_answers import Call, answer_to
from tests.cluster.fake_api import TOKENS, Fake
from tests.cluster.fake_store import Refusal
from trainer.cluster.client import Cluster
from trainer.cluster.faults import refused
from trainer.cluster.gate import Query

ADMIN = TOKENS["admin-token"]
"""The user of the fake server's kubeconfig."""


class NearCluster(Cluster):
    """As `Cluster`, with the answers of `fake` passed directly; only exec still goes through its socket.

    `test_the_near_cluster_shows_what_the_far_one_shows` compares the two.
    """

    fake: Fake

    def bounded(self, work: Callable[[], Any], doing: str) -> Any:
        return work()

    def _send(self, method: str, path: str, query: Query, doing: str, body: Any, content_type: str) -> bytes:
        sent = b"" if body is None else body.encode() if isinstance(body, str) else msgspec.json.encode(body)
        call = Call(method, path, dict(query), sent, ADMIN, "application/json", content_type)
        try:
            code, answer = answer_to(self.fake.store, call)
        except Refusal as error:
            code, answer = error.code, error.body
        content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        if not 200 <= code <= 299:
            raise refused(code, content, doing=doing, context=self.context.name)
        return content
