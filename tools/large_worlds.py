"""Large answers for every card: each list, map and text of a stored answer grown, alone or two at once.

`python -m tools.large_worlds` grades them and names what takes long: what grows faster than the answer. It
grades without the limit on time (`trainer.grading.allowance`). The tests count the work of the same answers.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import combinations
from typing import Any

import msgspec
import yaml

from trainer.content.card import Card
from trainer.content.catalogue import find_card, load_catalogue
from trainer.content.locate import Pack, builtin_pack
from trainer.content.solutions import load_solutions
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests

SIZES = (60_000, 500_000, 1_000_000)
"""How many bytes an answer has at most; the last is just below the limit of one file."""


class Seed(msgspec.Struct, frozen=True):
    """A stored answer to a card, as what grows: the documents of its files, or their text."""

    card: Card
    name: str
    files: Mapping[str, Any]


class Grown(msgspec.Struct, frozen=True):
    """A large answer: which parts of a stored one have grown."""

    card: Card
    parts: tuple[str, ...]
    answer: Answer


def seeds(pack: Pack, cards: set[str] | None = None) -> Iterator[Seed]:
    """The stored answers of the cards, right ones only."""
    chosen = [find_card(one, pack) for one in sorted(cards)] if cards else load_catalogue(pack).cards
    for card in chosen:
        found = load_solutions(card, pack)
        for one in (found.reference, *found.also):
            files: dict[str, Any] = {}
            for file in one.answer.files:
                text = file.data.decode("utf-8-sig", "replace")
                files[file.name] = _documents(text) if holds_manifests(file.name) else text
            yield Seed(card, one.source.name, files)


def _documents(text: str) -> Any:
    try:
        return [one for one in yaml.safe_load_all(text) if one is not None]
    except yaml.YAMLError:
        return text


def parts(seed: Seed) -> dict[str, Callable[[Any, int], None]]:
    """What can grow in an answer: by its path, what makes so many more of it in a copy of the files."""
    found: dict[str, Callable[[Any, int], None]] = {}
    for name, content in seed.files.items():
        if isinstance(content, str):
            found[f"{name}: text"] = _text_grower(name)
        else:
            for path, value in _walk(content, (name,)):
                shown = f"{name}: {'.'.join(map(str, path[1:])) or 'documents'}"
                if isinstance(value, list) and value:
                    found[shown] = _list_grower(path)
                elif isinstance(value, dict) and value:
                    if all(isinstance(one, str) for one in value.values()):
                        found[f"{shown} keys"] = _map_grower(path)
                    for key, new in _new_lists(path, value):
                        found[f"{shown}.{key} new"] = _new_grower((*path, key), new)
                elif isinstance(value, str) and path[-1] not in ("apiVersion", "kind"):
                    found[f"{shown} length"] = _length_grower(path)
    return found


_MORE: dict[str, dict[str, Any]] = {
    "containers": {
        "initContainers": [{"name": "i0", "image": "busybox:1.36"}],
        "volumes": [{"name": "v0", "emptyDir": {}}],
        "tolerations": [{"key": "k0", "operator": "Exists"}],
        "imagePullSecrets": [{"name": "p0"}],
        "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["h0"]}],
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": "k0", "whenUnsatisfiable": "ScheduleAnyway"}
        ],
    },
    "image": {
        "env": [{"name": "E0", "value": "v0"}],
        "ports": [{"containerPort": 1000}],
        "command": ["sh", "-c", "echo a0"],
        "args": ["a0"],
        "volumeMounts": [{"name": "v0", "mountPath": "/m0"}],
        "envFrom": [{"secretRef": {"name": "s0"}}],
    },
    "podSelector": {
        "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/24"]}}]}],
        "egress": [{"to": [{"podSelector": {"matchLabels": {"a": "b0"}}}], "ports": [{"port": 1000}]}],
    },
    "labels": {"annotations": {"a0": "b"}, "finalizers": ["x.io/f0"]},
    "name": {"labels": {"l0": "b"}, "annotations": {"a0": "b"}},
    "matchLabels": {"matchExpressions": [{"key": "k0", "operator": "In", "values": ["v0", "v1"]}]},
}
"""Lists and maps that stored answers rarely have: by a field beside them."""


def _new_lists(path: tuple[Any, ...], value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for beside, added in _MORE.items():
        if beside in value and (beside != "name" or path[-1] == "metadata"):
            yield from ((key, new) for key, new in added.items() if key not in value)


def _walk(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _walk(one, (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _walk(one, (*path, number))


def _at(files: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        files = files[key]
    return files


def _text_grower(name: str) -> Callable[[Any, int], None]:
    def grow(files: Any, count: int) -> None:
        lines = files[name].splitlines() or [""]
        middle = max(len(lines) - 1, 0)
        more = [_other(lines[number % len(lines)], number) for number in range(count)]
        files[name] = "\n".join([*lines[:middle], *more, *lines[middle:]]) + "\n"

    return grow


def _list_grower(path: tuple[Any, ...]) -> Callable[[Any, int], None]:
    def grow(files: Any, count: int) -> None:
        there = _at(files, path)
        there.extend([_other(there[-1], number) for number in range(count)])

    return grow


def _map_grower(path: tuple[Any, ...]) -> Callable[[Any, int], None]:
    def grow(files: Any, count: int) -> None:
        there = _at(files, path)
        key, value = next(iter(there.items()))
        there.update({f"{key}{number}": value for number in range(count)})

    return grow


def _new_grower(path: tuple[Any, ...], new: Any) -> Callable[[Any, int], None]:
    def grow(files: Any, count: int) -> None:
        _at(files, path[:-1])[path[-1]] = copy.deepcopy(new)
        (_list_grower if isinstance(new, list) else _map_grower)(path)(files, count)

    return grow


def _length_grower(path: tuple[Any, ...]) -> Callable[[Any, int], None]:
    def grow(files: Any, count: int) -> None:
        holder = _at(files, path[:-1])
        words = str(holder[path[-1]]).split() or ["x"]
        holder[path[-1]] += "".join(f" {words[number % len(words)]}" for number in range(count))

    return grow


_IDENTITY = ("name", "mountPath", "key", "host", "path", "maskedPath", "topologyKey", "value")


def _other(value: Any, number: int) -> Any:
    """A copy with another identity: its names have the number, and its ports another value."""
    if isinstance(value, str):
        return f"{value}{number}"
    if isinstance(value, list):
        return [_other(one, number) for one in value] if all(isinstance(one, str) for one in value) else value
    if not isinstance(value, dict):
        return value
    found = dict(value)
    for key, one in value.items():
        if key in _IDENTITY and isinstance(one, str):
            found[key] = f"{one}{number}"
        elif key == "ip":
            found[key] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        elif key in ("port", "containerPort", "maxSkew") and isinstance(one, int):
            found[key] = 1 + (one + number) % 65_000
        elif key in ("metadata", "from", "to", "podSelector", "matchLabels", "ipBlock", "resources"):
            found[key] = _other(one, number)
    return found


def grown(seed: Seed, chosen: tuple[str, ...], size: int) -> Grown | None:
    """An answer of about this many bytes; None if these parts can't grow together."""
    try:
        few, more = (_size(_grow(seed, chosen, count)) for count in (100, 200))
        count = 100 + (size - few) * 100 // max(more - few, 1)
        if count < 1:
            return None
        files = _grow(seed, chosen, count)
        while _size(files) > size:
            count = count * 19 // 20
            files = _grow(seed, chosen, count)
    except (KeyError, TypeError, IndexError, AttributeError):
        return None
    return Grown(seed.card, chosen, Answer(tuple(AnswerFile(*item) for item in files.items())))


def _grow(seed: Seed, chosen: tuple[str, ...], count: int) -> dict[str, bytes]:
    growers = parts(seed)
    files = copy.deepcopy(dict(seed.files))
    for part in chosen:
        growers[part](files, count)
    return {name: _written(content) for name, content in files.items()}


def _size(files: Mapping[str, bytes]) -> int:
    return sum(map(len, files.values()))


def _written(content: Any) -> bytes:
    if isinstance(content, str):
        return content.encode()
    return "---\n".join(json.dumps(one) + "\n" for one in content).encode()


def every(pack: Pack, size: int, *, pairs: bool, cards: set[str] | None = None) -> Iterator[Grown]:
    """The large answers of every card: each part, or each two, that no other stored answer of it has."""
    done: set[tuple[str, tuple[str, ...]]] = set()
    for seed in seeds(pack, cards):
        names = sorted(parts(seed))
        for chosen in combinations(names, 2) if pairs else ((name,) for name in names):
            if (seed.card.id, chosen) in done:
                continue
            done.add((seed.card.id, chosen))
            one = grown(seed, chosen, size)
            if one is not None:
                yield one


def main() -> int:
    """Grade the large answers, and print those that take longer than `--seconds`."""
    from trainer.errors import AnswerUnreadable
    from trainer.grading import allowance
    from trainer.grading.grade import grade

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="bytes; by default, three sizes")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("cards", nargs="*")
    options = parser.parse_args()
    allowance.SECONDS = 30.0
    slow = 0
    for size in options.size or SIZES:
        for one in every(builtin_pack(), size, pairs=options.pairs, cards=set(options.cards)):
            start = time.process_time()
            with suppress(AnswerUnreadable):
                grade(one.card, one.answer)
            took = time.process_time() - start
            if took >= options.seconds:
                slow += 1
                print(f"{took:6.2f} s  {size:>9,}  {one.card.id}  {' + '.join(one.parts)}", flush=True)
    return min(slow, 1)


if __name__ == "__main__":
    sys.exit(main())
