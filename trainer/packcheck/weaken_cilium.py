"""Mutations that open policies of Cilium: more peers and ports, other sections, no authentication."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Path
from trainer.manifests.values import items_at, mapping
from trainer.packcheck.tree import Edit, at, widened, widened_list, with_value, without

_PEERS = {"ingress": "from", "egress": "to"}


def cilium_edits(value: Any) -> Iterator[Edit]:
    """All ways to open a policy of Cilium."""
    bases: list[Path] = [("spec",)] if isinstance(value.get("spec"), dict) else []
    bases += [("specs", index) for index in range(len(items_at(value, "specs")))]
    for base in bases:
        for direction, prefix in _PEERS.items():
            yield _added(value, base, direction, {f"{prefix}Entities": ["all"]})
            for section, other in ((direction, f"{direction}Deny"), (f"{direction}Deny", direction)):
                rules = at(value, (*base, section))
                if not isinstance(rules, list):
                    continue
                moved = with_value(without(value, (*base, section)), (*base, other), rules)
                yield Edit((*base, section), "move", f"{other} for {section}", moved)
                for index, rule in enumerate(rules):
                    yield from _rule(value, (*base, section, index), mapping(rule), prefix)
        if at(value, (*base, "endpointSelector")):
            yield widened(value, (*base, "endpointSelector"), {})


def _added(value: Any, base: Path, direction: str, everybody: Any) -> Edit:
    """Everybody allowed in a direction that the policy is about; a direction closed that it leaves alone."""
    path = (*base, direction)
    if isinstance(at(value, path), list):
        return widened_list(value, path, everybody)
    if at(value, (*base, f"{direction}Deny")) is not None:
        return Edit(path, "widen", "a rule for everybody", with_value(value, path, [everybody]))
    return Edit(path, "add", "an empty rule", with_value(value, path, [{}]))


def _rule(value: Any, path: Path, rule: dict[str, Any], prefix: str) -> Iterator[Edit]:
    peers = [name for name in rule if name.startswith(prefix) and name != "toPorts"]
    for name in peers:
        open_to_all = with_value(without(value, (*path, name)), (*path, f"{prefix}Entities"), ["all"])
        yield Edit((*path, name), "widen", "everybody for these peers", open_to_all)
        if name.endswith("Endpoints"):
            yield widened_list(value, (*path, name), {"matchLabels": {"mutant": "mutant"}})
            yield widened_list(value, (*path, name), {})
    if "toPorts" in rule:
        port = {"ports": [{"port": "4444", "protocol": "TCP"}]}
        yield widened_list(value, (*path, "toPorts"), port)
    if mapping(rule.get("authentication")).get("mode") == "required":
        yield widened(value, (*path, "authentication", "mode"), "disabled")
