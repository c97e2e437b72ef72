"""Events that differ from a recorded one in one thing: another Namespace, program, file, user, image, host.

What follows from the thing changes with it: another program has another path and command line. A condition
that is right for every recorded event alone shows itself here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from trainer.simulate.detection.events import OPENS, Event, Facts
from trainer.simulate.detection.explain import leaves
from trainer.simulate.detection.fields import ANCESTRY, NUMBERS, field_type, split_field
from trainer.simulate.detection.ruleset import Part

Change = Callable[[Facts, str], dict[str, Any] | None]

MOST = 100
"""Values that are tried for one thing."""
MOST_ALIKE = 5
"""Values of which others that are like them are tried."""
_PLAIN = ("proc.", "user.", "group.", "container.", "k8s.")
"""Fields that can change alone. The result of a call and its descriptor can't: one follows from the other."""
_LONGEST_NAME = 15
"""Characters that the kernel keeps of a program's name."""


class Variant(msgspec.Struct, frozen=True, eq=False):
    """An event that wasn't recorded: like which one, and what differs, in words."""

    event: Event
    like: Event
    change: str

    @property
    def title(self) -> str:
        """In words: `an event like event 12 (...), but with k8s.ns.name shop-eu`."""
        return f"an event like {self.like.title}, but with {self.change}"


def variants(
    events: Iterable[Event], parts: Iterable[Part], vary: Mapping[str, Iterable[str]]
) -> Iterator[Variant]:
    """The events, each with one thing changed: to what the conditions name or `vary` has, or to the like."""
    named = _values(parts)
    things = [(name, named.get(name, ()), _thing(name)) for name in dict.fromkeys((*named, *vary))]
    for event in events:
        for name, texts, thing in things:
            for text in islice(dict.fromkeys((*vary.get(name, ()), *thing.alike(texts))), MOST):
                yield from _changed(event, name, text, thing.change)


def _thing(name: str) -> Thing:
    """How events differ in a field: for a field of its own that no other follows from, by its value alone."""
    if name in _THINGS:
        return _THINGS[name]
    if name.startswith(_PLAIN) and name not in ANCESTRY:
        number = field_type(*(split_field(name) or (name, None))).type in NUMBERS
        return Thing(_number(name), _numbers) if number else Thing(_fact(name), _words)
    return Thing(_nothing, lambda _: ())


def _nothing(_: Facts, __: str) -> None:
    return None


def _values(parts: Iterable[Part]) -> dict[str, tuple[str, ...]]:
    """The values of each field that conditions name."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for leaf in leaves(part):
            check = leaf.compiled.check
            name = str(check.left).rpartition("(")[2].rstrip(")").partition("[")[0]
            texts = check.right if isinstance(check.right, tuple) else ()
            found.setdefault(name, {}).update(dict.fromkeys(texts))
    return {name: tuple(texts) for name, texts in found.items()}


def _changed(event: Event, name: str, text: str, change: Change) -> Iterator[Variant]:
    new = change(event.facts, text)
    if new is None:
        return
    facts = {key: value for key, value in {**event.facts, **new}.items() if value is not None}
    if facts != event.facts:
        words = "a process of the host" if name == "container.id" else f"{name} {text}"
        yield Variant(Event(event.line, facts, event.known), event, words)


class Thing(msgspec.Struct, frozen=True, eq=False):
    """One thing that can differ: how an event changes with a value, and which values are like some."""

    change: Change
    alike: Callable[[tuple[str, ...]], Iterable[str]]


def _words(texts: tuple[str, ...]) -> Iterator[str]:
    """Values, an unseen one, and those that begin or end like one."""
    yield from texts
    yield "other"
    for text in texts[:MOST_ALIKE]:
        yield f"{text}x"
        yield f"x{text}"


def _paths(texts: tuple[str, ...]) -> Iterator[str]:
    yield from texts
    yield "/srv/other"
    for text in texts[:MOST_ALIKE]:
        yield f"{text}x"
        yield f"{text.rstrip('/')}/x"
        yield f"/x{text}" if text.startswith("/") else f"x{text}"
        if "/" in text.strip("/"):
            yield f"{text.rstrip('/').rpartition('/')[0]}/x"


def _numbers(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        if text.lstrip("-").isdigit():
            yield from (text, str(int(text) + 1), str(max(int(text) - 1, 0)))


def _hosts(texts: tuple[str, ...]) -> Iterator[str]:
    """Addresses inside and outside networks, and their edges."""
    for text in texts:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            continue
        first, last = network.network_address, network.broadcast_address
        yield from (str(first), str(last))
        for edge, step in ((first, -1), (last, 1)):
            try:
                yield str(edge + step)
            except ValueError:
                continue


def _program(facts: Facts, text: str) -> dict[str, Any] | None:
    name = text.rpartition("/")[2]
    if not name or " " in name:
        return None
    old = str(facts.get("proc.name", ""))
    rest = str(facts.get("proc.cmdline", "")).removeprefix(old)
    comm = name[:_LONGEST_NAME]
    new: dict[str, Any] = {"proc.name": comm, "proc.cmdline": f"{comm}{rest}"}
    for key in ("proc.exe", "proc.exepath"):
        if key in facts:
            folder = str(facts[key]).rpartition("/")[0]
            whole = text if text.startswith("/") and key == "proc.exepath" else f"{folder}/{name}"
            new[key] = whole if folder or key == "proc.exepath" else name
    return new


def _command(facts: Facts, text: str) -> dict[str, Any] | None:
    """Another program with the text among its arguments."""
    new = _program(facts, "vi")
    return None if new is None else {**new, "proc.cmdline": f"vi {text}"}


def _arguments(facts: Facts, text: str) -> dict[str, Any] | None:
    return {"proc.cmdline": f"{facts.get('proc.name', '')} {text}"}


def _parent(facts: Facts, text: str) -> dict[str, Any] | None:
    name = text.rpartition("/")[2]
    if "proc.pname" not in facts or not name:
        return None
    new = {"proc.pname": name[:_LONGEST_NAME], "proc.pcmdline": name}
    return new | {"proc.pexepath": text if text.startswith("/") else f"/usr/bin/{name}"}


def _ancestor(facts: Facts, text: str) -> dict[str, Any] | None:
    return {"proc.aname[2]": text} if "proc.aname[2]" in facts else None


def _file(facts: Facts, text: str) -> dict[str, Any] | None:
    if facts.get("fd.typechar") != "f":
        return None
    path = text if text.startswith("/") else f"{str(facts['fd.name']).rpartition('/')[0]}/{text}"
    return {"fd.name": path} | ({"evt.arg.name": path} if "evt.arg.name" in facts else {})


def _folder(facts: Facts, text: str) -> dict[str, Any] | None:
    name = str(facts.get("fd.name", "")).rpartition("/")[2]
    return _file(facts, f"{text.rstrip('/')}/{name}")


def _fact(*keys: str) -> Change:
    """One written field, in events that have it."""

    def change(facts: Facts, text: str) -> dict[str, Any] | None:
        return dict.fromkeys(keys, text) if text and facts.get(keys[0]) else None

    return change


def _container(facts: Facts, text: str) -> dict[str, Any] | None:
    """Another name of the container; `host` is the word for what runs in none."""
    return _host(facts, text) if text == "host" else _fact("container.name")(facts, text)


def _number(key: str) -> Change:
    def change(facts: Facts, text: str) -> dict[str, Any] | None:
        return {key: int(text)} if key in facts and text.lstrip("-").isdigit() else None

    return change


def _switch(key: str) -> Change:
    def change(facts: Facts, text: str) -> dict[str, Any] | None:
        return {key: text == "true"} if facts.get("container.id", "host") != "host" else None

    return change


def _user(facts: Facts, text: str) -> dict[str, Any] | None:
    if "user.name" not in facts:
        return None
    uid = 0 if text in ("root", "0") else int(text) if text.isdigit() else 1000
    return {"user.name": "root" if uid == 0 else "app" if text.isdigit() else text, "user.uid": uid}


def _host(facts: Facts, _: str) -> dict[str, Any] | None:
    """The same on the host, as the container plugin describes it: its image has an empty name."""
    if facts.get("container.id", "host") == "host":
        return None
    empty = dict.fromkeys(key for key in facts if key.startswith("k8s."))
    own = {"container.id": "host", "container.name": "host", "container.privileged": False}
    return {**empty, **own, "container.image.repository": "", "container.image.tag": ""}


def _kind(facts: Facts, text: str) -> dict[str, Any] | None:
    """Another type of event of the same kind."""
    kinds = (OPENS, frozenset(("execve", "execveat")))
    same = any(text in kind and facts.get("evt.type") in kind for kind in kinds)
    return {"evt.type": text} if same else None


def _flags(facts: Facts, text: str) -> dict[str, Any] | None:
    return {"evt.arg.flags": text} if facts.get("evt.type") in OPENS else None


def _modes(_: tuple[str, ...]) -> Iterator[str]:
    yield from ("O_RDONLY", "O_WRONLY|O_CREAT|O_TRUNC", "O_RDWR", "O_RDONLY|O_CLOEXEC")


def _either(_: tuple[str, ...]) -> Iterator[str]:
    yield from ("true", "false")


_THINGS: dict[str, Thing] = {
    **dict.fromkeys(("proc.name", "proc.exe", "proc.exepath"), Thing(_program, _words)),
    **dict.fromkeys(("proc.cmdline", "proc.exeline"), Thing(_command, lambda texts: texts)),
    "proc.args": Thing(_arguments, _words),
    **dict.fromkeys(("proc.pname", "proc.pcmdline", "proc.pexepath", "proc.pexe"), Thing(_parent, _words)),
    "proc.aname": Thing(_ancestor, _words),
    **dict.fromkeys(("fd.name", "fd.filename", "fs.path.name", "evt.arg.name"), Thing(_file, _paths)),
    "fd.directory": Thing(_folder, _paths),
    "k8s.ns.name": Thing(_fact("k8s.ns.name"), _words),
    "k8s.pod.name": Thing(_fact("k8s.pod.name"), _words),
    "container.name": Thing(_container, _words),
    "container.image.repository": Thing(_fact("container.image.repository"), _words),
    "container.image.tag": Thing(_fact("container.image.tag"), _words),
    "container.id": Thing(_host, lambda _: ("host",)),
    "container.privileged": Thing(_switch("container.privileged"), _either),
    **dict.fromkeys(("user.name", "user.uid"), Thing(_user, lambda texts: (*texts, "root", "app"))),
    "user.loginuid": Thing(_number("user.loginuid"), _numbers),
    "proc.tty": Thing(_number("proc.tty"), lambda texts: (*_numbers(texts), "34816")),
    **{f"fd.{side}port": Thing(_number(f"fd.{side}port"), _numbers) for side in "cs"},
    **{f"fd.{side}{what}": Thing(_fact(f"fd.{side}ip"), _hosts) for side in "cs" for what in ("ip", "net")},
    **dict.fromkeys(("evt.is_open_read", "evt.is_open_write", "evt.arg.flags"), Thing(_flags, _modes)),
    "evt.type": Thing(_kind, lambda texts: texts),
}
"""What changes with each field that a condition may name."""
