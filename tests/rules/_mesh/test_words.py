"""Reasons and evidence about the mesh."""

from __future__ import annotations

from tests.mesh_world import security, world
from trainer.rules._mesh.ends import UNSEEN_PORT, Cast
from trainer.rules._mesh.words import call_evidence, call_reason, mode_evidence, mode_reason


def test_a_pod_without_a_sidecar() -> None:
    one = world("")
    cast = Cast(one, [])
    curl = cast.named("legacy/curl")[0]
    assert mode_reason(one, cast, curl, 80, "STRICT").message == (
        "legacy/curl has no sidecar (Namespace legacy has no label istio-injection): nothing there takes "
        "mutual TLS."
    )
    assert mode_evidence(cast, curl, 80) == (
        "A plaintext call to legacy/curl, port 80, is accepted: no sidecar takes it."
    )


def test_every_mode_has_its_effect() -> None:
    for mode, words in (
        ("STRICT", "A plaintext call to shop/api, every other port, is refused (mode STRICT, set by "),
        ("DISABLE", "A call to shop/api, every other port, over mutual TLS fails (mode DISABLE, set by "),
        (
            "PERMISSIVE",
            "A plaintext call to shop/api, every other port, is accepted (mode PERMISSIVE, set by ",
        ),
    ):
        policy = security("PeerAuthentication", "shop/default", f"{{mtls: {{mode: {mode}}}}}")
        cast = Cast(world(policy), [])
        assert mode_evidence(cast, cast.named("shop/api")[0], UNSEEN_PORT).startswith(words)


def test_calls_are_told_with_both_ends() -> None:
    one = world(security("PeerAuthentication", "shop/default", "{mtls: {mode: STRICT}}"))
    cast = Cast(one, [])
    call = next(cast.calls(cast.after, cast.named("legacy/curl"), "service:shop/api", 80))
    answer = cast.after.answer(call)
    reason = call_reason(one, cast, call, answer)
    assert reason.message.startswith(
        "The call is plaintext (legacy/curl has no sidecar: Namespace legacy has no label"
    )
    assert reason.location
    assert reason.location.path == "spec.mtls.mode"
    assert call_evidence(call, answer, changed=True) == (
        "A plaintext call from legacy/curl to shop/api, port 8080 through Service shop/api, is now refused."
    )
