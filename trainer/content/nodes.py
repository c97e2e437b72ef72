"""The block `node` of a card: what is wrong with it, and what of it the learner gets to see."""

from __future__ import annotations

from trainer.content.card import CardFile
from trainer.content.convert import Fault, convert
from trainer.errors import NotJudged
from trainer.simulate.node.given import FileGiven, NodeGiven
from trainer.simulate.node.run import output_of


def node_material(card: CardFile) -> tuple[dict[str, str], dict[str, str], list[Fault]]:
    """What the learner gets of the nodes: the outputs of commands by file name, and the first host's files.

    And everything wrong with a card's nodes, with its place in the card.
    """
    given, found = convert(card.node, NodeGiven)
    faults = [Fault(("node", *fault.path), fault.message, fault.remedy) for fault in found]
    if given is not None and not faults:
        faults = _faults(card, given)
    if given is None or faults:
        return {}, {}, faults
    outputs: dict[str, str] = {}
    for name, command in given.outputs.items():
        try:
            outputs[name] = f"$ {command}\n{output_of(given, command)}"
        except NotJudged as error:
            faults.append(Fault(("node", "outputs", name), f"cannot run {command!r}: {error}"))
    host = next(iter(given.hosts.values()))
    files = {path: one.content if isinstance(one, FileGiven) else one for path, one in host.files.items()}
    return outputs, files, faults


def _faults(card: CardFile, given: NodeGiven) -> list[Fault]:
    if not given.hosts:
        return [Fault(("node", "hosts"), "a card about nodes has at least one host")]
    faults = _host_faults(given)
    if given.script not in card.files:
        faults.append(Fault(("node", "script"), f"the script {given.script} isn't one of `files`"))
    return faults


def _host_faults(given: NodeGiven) -> list[Fault]:
    """Names that a host's own parts don't have."""
    faults: list[Fault] = []
    for name, host in given.hosts.items():
        at = ("node", "hosts", name)
        for unit, one in host.units.items():
            if one.package and one.package not in host.packages:
                faults.append(Fault((*at, "units", unit), f"the host has no package {one.package}"))
            if one.triggers and one.triggers not in host.units:
                faults.append(Fault((*at, "units", unit), f"the host has no unit {one.triggers}"))
        for package, declared in host.packages.items():
            unknown = [other for other in declared.depends if other not in host.packages]
            faults += [Fault((*at, "packages", package), f"the host has no package {one}") for one in unknown]
        for module, kernel in host.modules.items():
            unknown = [other for other in kernel.depends if other not in host.modules]
            faults += [Fault((*at, "modules", module), f"the host has no module {one}") for one in unknown]
    for index, pod in enumerate(given.pods):
        if pod.node not in given.hosts:
            faults.append(Fault(("node", "pods", index), f"there is no host {pod.node}"))
    return faults
