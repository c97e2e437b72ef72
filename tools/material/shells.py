"""The Falco log of card `falco-shells`."""

from __future__ import annotations

from tools.material.falco import ETC, ROOT, SHELL, Event, everyday, log

_API = ("shop", "api-6d9f7c5b8-x2k4p", "api")
_API_TWIN = ("shop-test", "api-6d9f7c5b8-x2k4p", "api")
_WEB = ("shop", "web-7c8d9f6b4-q8w2z", "nginx")
_CART = ("shop", "cart-59f8b7d6c-m5n7t", "cart")
_DB = ("shop", "db-0", "postgres")
_AGENT = ("monitoring", "agent-hj4kd", "agent")
_BATCH = ("batch", "report-29375520-vb8nm", "report")


def files() -> dict[str, str]:
    """The material by name."""
    pods = (_API, _API_TWIN, _WEB, _CART, _DB, _AGENT, _BATCH)
    events = everyday("shells", 620, 7200, pods)
    events += [
        Event(1210, SHELL, *_API, "bash"),
        Event(1290, SHELL, *_API, "sh -i"),
        Event(3105, SHELL, *_WEB, "ash"),
        Event(2400, SHELL, *_BATCH, "sh"),
        # a terminal elsewhere: same Pod name in another Namespace
        Event(750, SHELL, *_API_TWIN, "bash"),
        # files below /etc, of which two only sound like it
        Event(1305, ETC, *_API, "bash -c tee", "/etc/cron.d/sync"),
        Event(1322, ETC, *_API, "tee -a /etc/passwd", "/etc/passwd"),
        Event(4020, ETC, *_CART, "sed -i s/a/b/", "/etc/resolv.conf"),
        Event(4100, ROOT, *_DB, "cp a /data/etc/hosts", "/data/etc/hosts"),
        Event(4110, ROOT, *_WEB, "touch /etcetera", "/etcetera"),
        Event(4500, ETC, *_API_TWIN, "tee /etc/hosts", "/etc/hosts"),
    ]
    return {"falco.log": log("shells", events)}
