"""The access log and the Falco log of card `web-shell-trail`."""

from __future__ import annotations

from tools.material import access, falco
from tools.material.access import Hit
from tools.material.falco import RUN, Event

_FIRST = "198.51.100.77"
_SECOND = "192.0.2.140"
_SHELL = "/files/help.jsp"
_WEB = ("shop", "web-84b7c9d6f-k2p9d", "tomcat")
_WEB_2 = ("shop", "web-84b7c9d6f-x7c4m", "tomcat")
_TEST = ("shop-test", "web-84b7c9d6f-k2p9d", "tomcat")
_CART = ("shop", "cart-66f5d7c8b-rr8zt", "cart")


def files() -> dict[str, str]:
    """The material by name."""
    hits = [*access.everyday("web-shell", 620, 7200), *_trail()]
    events = falco.everyday("web-shell", 260, 7200, (_WEB, _WEB_2, _TEST, _CART))
    events = [one for one in events if one.rule != RUN]
    events += [
        Event(3062, RUN, *_WEB, "sh -c id", user="tomcat", parent="java"),
        Event(3101, RUN, *_WEB_2, "sh -c env", user="tomcat", parent="java"),
        Event(3950, RUN, *_WEB_2, "sh -c curl -o /tmp/.x", user="tomcat", parent="java"),
        Event(1500, RUN, *_CART, "sh -c date", user="app", parent="crond"),
        Event(1700, RUN, *_TEST, "sh -c id", user="tomcat", parent="java"),
        Event(5200, RUN, *_CART, "sh -c javac", user="app", parent="javaws"),
    ]
    return {"access.log": access.log("web-shell", hits), "falco.log": falco.log("web-shell", events)}


def _trail() -> list[Hit]:
    agent = "python-requests/2.32"
    return [
        # looking for a way in
        Hit(2810, _FIRST, "GET /admin", 404, agent),
        Hit(2815, _FIRST, "GET /.git/config", 404, agent),
        Hit(2890, _FIRST, f"PUT {_SHELL}", 403, agent),
        Hit(2931, _FIRST, f"GET {_SHELL}?cmd=id", 404, agent),
        Hit(2990, _FIRST, "PUT /files/help.jsp%20", 400, agent),
        Hit(3040, _FIRST, f"PUT {_SHELL}/", 201, agent),
        # using it
        Hit(3061, _FIRST, f"GET {_SHELL}?cmd=id", 200, agent),
        Hit(3100, _FIRST, f"GET {_SHELL}?cmd=env", 200, agent),
        Hit(3949, _SECOND, f"POST {_SHELL}", 200, "curl/8.9.1"),
        # scanners that came too early, were refused, or requested something that sounds like it
        Hit(1404, "203.0.113.200", f"GET {_SHELL}", 404, "scanner/1.0"),
        Hit(4400, "198.51.100.7", f"GET {_SHELL}?cmd=ls", 403, "curl/8.9.1"),
        Hit(4410, "198.51.100.7", f"POST {_SHELL}", 403, "curl/8.9.1"),
        Hit(4800, "203.0.113.61", f"GET /search?q={_SHELL}", 200),
        Hit(4900, "203.0.113.62", "GET /files/help.jsp.txt", 200),
        Hit(4950, "203.0.113.63", "GET /help", 200, referrer=f"https://shop.example.com{_SHELL}"),
        Hit(5000, "203.0.113.64", "PUT /files/photo.png", 201),
    ]
