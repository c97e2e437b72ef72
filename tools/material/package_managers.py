"""The rules and the recorded events of card `falco-package-managers`."""

from __future__ import annotations

from tools.material.recording import (
    HOST,
    RULES,
    TERMINAL,
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
_API = Place("shop", "api-6d9f7c5b8-x2k4p", "api", "registry.example.com/shop/api", "2.3.0")
_CART = Place("shop", "cart-59f8b7d6c-m5n7t", "cart", "registry.example.com/shop/cart", "1.4.1")
_BUILD = Place("shop", "build-8841-t4x9c", "builder", "docker.io/library/debian", "12.8")
_BUILDER = Place("shop", "rebuild-cache-6f7d8c9b5-w2r5t", "cache", "docker.io/library/debian", "12.8")
_TEST = Place("shop-test", "web-7c8d9f6b4-k2j5h", "nginx", "docker.io/library/nginx", "1.27.3")
_CI = Place("ci", "runner-0", "runner", "registry.example.com/ci/runner", "4.0.2")


def files() -> dict[str, str]:
    """The material by name."""
    apt = Process("/usr/bin/apt-get", "install -y netcat-openbsd", tty=TERMINAL, parent="bash")
    apk = Process("/sbin/apk", "add curl", parent="sh")
    dpkg = Process("/usr/bin/dpkg", "--unpack /var/cache/apt/archives/netcat.deb", parent="apt-get")
    events = everyday("package managers", 440, (_WEB, _API, _CART, _TEST, _CI, HOST))
    events += [
        start(610, _WEB, Process("/usr/bin/apt", "update", tty=TERMINAL, parent="bash")),
        start(634, _WEB, apt),
        start(641, _WEB, dpkg),
        start(1822, _API, apk),
        start(2410, _CART, Process("/usr/bin/yum", "install nmap", "app", parent="python3")),
        start(2960, _BUILDER, Process("/usr/bin/apt-get", "update")),
        # the same programs where they may run
        start(
            300,
            HOST,
            Process("/usr/bin/apt-get", "-qq update", parent="apt.systemd.dai", grandparent="systemd"),
        ),
        start(304, HOST, Process("/usr/bin/dpkg", "--status-fd 10 --configure --pending", parent="apt-get")),
        start(900, _BUILD, Process("/usr/bin/apt-get", "install -y gcc make")),
        start(906, _BUILD, Process("/usr/bin/dpkg", "--unpack gcc.deb", parent="apt-get")),
        start(1210, _TEST, Process("/usr/bin/apt", "install -y curl", tty=TERMINAL, parent="bash")),
        start(1500, _CI, Process("/usr/bin/dnf", "install -y git")),
        # what only sounds like it
        start(650, _WEB, Process("/bin/grep", "apt-get /var/log/bootstrap.log", parent="bash")),
        start(1700, _API, Process("/usr/local/bin/adapter", "--source apk", "app", parent="server")),
        start(1905, _CART, Process("/usr/bin/apt-cache", "policy", "app")),
        opened(636, _WEB, apt, "/var/lib/dpkg/status"),
        connected(637, _WEB, apt, "10.244.1.17", "151.101.2.132", 80),
        opened(1824, _API, apk, "/etc/apk/repositories"),
    ]
    events += alerts(_CI, 3300)
    return {"falco_rules.yaml": RULES, "events.jsonl": recording("package managers", events)}
