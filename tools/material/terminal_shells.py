"""The rules and the recorded events of card `falco-override`."""

from __future__ import annotations

from tools.material.recording import (
    HOST,
    RULES,
    TERMINAL,
    Place,
    Process,
    alerts,
    everyday,
    opened,
    recording,
    start,
)

_WEB = Place("shop", "web-7c8d9f6b4-q8w2z", "nginx", "docker.io/library/nginx", "1.27.3")
_API = Place("shop", "api-6d9f7c5b8-x2k4p", "api", "registry.example.com/shop/api", "2.3.0")
_BOX = Place("ops", "toolbox-5b7c9d8f6-k8z3m", "toolbox", "registry.example.com/ops/toolbox", "1.9")
_DEBUG = Place("shop", "web-debug", "debugger", "registry.example.com/ops/toolbox", "1.9")
_MIRROR = Place("shop", "helper-0", "helper", "mirror.example.com/ops/toolbox", "1.9")
_OLD = Place("shop", "helper-1", "helper", "registry.example.com/ops/toolbox-old", "0.4")


def files() -> dict[str, str]:
    """The material by name."""
    bash = Process("/bin/bash", tty=TERMINAL, parent="runc")
    fish = Process("/usr/bin/fish", tty=TERMINAL, parent="bash")
    script = Process("/bin/sh", "-c /app/health", parent="containerd-shim")
    events = everyday("terminal shells", 440, (_WEB, _API, _BOX, _MIRROR, HOST))
    events += [
        start(410, _WEB, bash),
        start(1220, _API, Process("/bin/sh", "-i", "app", TERMINAL, "python3")),
        start(1710, _WEB, fish),
        start(1990, _API, Process("/usr/bin/fish", "-l", "app", TERMINAL, "runc")),
        start(2110, _MIRROR, bash),
        start(2280, _OLD, bash),
        # the image for operators
        *(start(at, _BOX, bash) for at in (300, 900, 1500, 2100, 2700)),
        start(2440, _DEBUG, bash),
        start(2450, _DEBUG, fish),
        # without a terminal, on the host, no shell
        *(start(at, _API, script) for at in (500, 1000, 2000)),
        start(600, HOST, Process("/bin/bash", tty=TERMINAL, parent="sshd")),
        start(1300, _WEB, Process("/usr/bin/top", tty=TERMINAL, parent="bash")),
        opened(412, _WEB, bash, "/root/.bashrc"),
        opened(1712, _WEB, fish, "/root/.config/fish/config.fish"),
    ]
    events += alerts(_API, 3300)
    return {"falco_rules.yaml": RULES, "events.jsonl": recording("terminal shells", events)}
