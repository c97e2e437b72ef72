"""`cks-trainer ask`: question the engines about any manifests."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trainer.cli.asking import Asker, answer
from trainer.cli.base import Run, group
from trainer.cli.options import kubernetes_option, wording_options
from trainer.errors import UsageError
from trainer.versions import DEFAULT, Version

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.ask import Reply
    from trainer.ask.loading import Loaded
    from trainer.simulate.node.given import NodeGiven

PROTOCOLS = click.Choice(["TCP", "UDP", "SCTP"])


@group(name="ask")
def command() -> None:
    """Ask what manifests do: flows, access, Pod Security levels, routes. Each answer names the
    deciding line.

    FILES are read as `kubectl apply -R -f` reads them: files, folders, or - for stdin. Objects that the API
    server refuses are named and left out of the answer; the exit code is 1 then, and also if the answer isn't
    the one of --expect."""


def files(function: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments that every question takes. The function gets an `Asker` in the place of the run."""

    @wraps(function)
    def ask(run: Run, *, expect: tuple[str, ...], sarif: Path | None, **options: Any) -> Any:
        return function(Asker(run, expect, sarif), **options)

    path = click.Path(path_type=Path)
    ask = click.option(
        "--sarif", type=path, metavar="FILE", help="Also write what is wrong as SARIF 2.1.0, for code hosts."
    )(ask)
    ask = click.option(
        "--expect",
        multiple=True,
        metavar="ANSWER",
        help="Exit 1 if the answer is another one; may be repeated.",
    )(ask)
    ask = kubernetes_option("Kubernetes version to ask about.", default=DEFAULT)(ask)
    return click.argument("paths", nargs=-1, required=True, type=path, metavar="FILES...")(ask)


def subject(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name the subject of the request."""
    function = click.option(
        "--group", "groups", multiple=True, help="Another group of the subject; may be repeated."
    )(function)
    return click.option(
        "--as",
        "who",
        required=True,
        metavar="SUBJECT",
        help="sa:<namespace>/<name>, user:<name> or group:<name>.",
    )(function)


def namespace(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the request's namespace."""
    return click.option(
        "-n",
        "--namespace",
        default="",
        help="Namespace of the request; if omitted, the request is cluster-wide.",
    )(function)


@command.command(name="flow")
@files
@click.option("--from", "source", required=True, help="shop/web, shop/app=web, ip:203.0.113.7 or outside.")
@click.option("--to", "target", required=True, help="The same, or service:shop/web.")
@click.option("--port", type=click.IntRange(1, 65535), default=80, show_default=True)
@click.option("--protocol", type=PROTOCOLS, default="TCP", show_default=True)
def flow(
    asker: Asker,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    source: str,
    target: str,
    port: int,
    protocol: str,
) -> int:
    """Can one Pod or address reach another, and which line decides?

    Example: cks-trainer ask flow pods.yaml policies.yaml --from shop/guest --to shop/db --port 5432
    """
    from trainer.ask.network import ask_flow

    return answer(
        asker, kubernetes, lambda one: ask_flow(one.manifests, source, target, port, protocol), paths
    )


@command.command(name="matrix")
@files
@click.option("--port", type=click.IntRange(1, 65535), help="Show only this port; cells show yes or -.")
@click.option("--protocol", type=PROTOCOLS, default="TCP", show_default=True)
def matrix(
    asker: Asker, *, paths: tuple[Path, ...], kubernetes: Version, port: int | None, protocol: str
) -> int:
    """Show which workload can reach which, as a table.

    Example: cks-trainer ask matrix shop/ --port 8080
    """
    from trainer.ask.network import ask_matrix

    return answer(asker, kubernetes, lambda one: ask_matrix(one.manifests, port, protocol), paths)


@command.command(name="can-i")
@files
@subject
@namespace
@click.option(
    "--do",
    required=True,
    metavar="REQUEST",
    help="'get pods', 'patch deployments/scale web', 'get /healthz'.",
)
def can_i(
    asker: Asker,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    who: str,
    groups: tuple[str, ...],
    namespace: str,
    do: str,
) -> int:
    """Can a subject do this, and which binding and rule allow it?

    Example: cks-trainer ask can-i rbac.yaml --as sa:ci/deployer --do 'get secrets' -n ci
    """
    from trainer.ask.access import ask_can_i

    return answer(asker, kubernetes, lambda one: ask_can_i(one.manifests, who, do, namespace, groups), paths)


@command.command(name="escalate")
@files
@subject
def escalate(
    asker: Asker, *, paths: tuple[Path, ...], kubernetes: Version, who: str, groups: tuple[str, ...]
) -> int:
    """Which privilege-escalation paths does a subject have?

    Example: cks-trainer ask escalate rbac.yaml --as sa:ci/deployer
    """
    from trainer.ask.access import ask_escalate

    return answer(asker, kubernetes, lambda one: ask_escalate(one.manifests, who, groups, kubernetes), paths)


@command.command(name="pod-security")
@files
@click.option(
    "--level", type=click.Choice(["baseline", "restricted"]), help="Show what keeps them from this level."
)
@click.option("--version", "standards", default="", help="Version of the standards: v1.35 or latest.")
def pod_security(
    asker: Asker, *, paths: tuple[Path, ...], kubernetes: Version, level: str | None, standards: str
) -> int:
    """Which Pod Security level do Pods and workloads meet, and what keeps them from the next?

    Example: cks-trainer ask pod-security deployment.yaml --level restricted
    """
    from trainer.ask.pods import ask_pod_security

    version = standards or f"v{kubernetes}"
    return answer(asker, kubernetes, lambda one: ask_pod_security(one.manifests, level or "", version), paths)


@command.command(name="audit")
@files
@subject
@namespace
@click.option(
    "--do", required=True, metavar="REQUEST", help="'create secrets', 'get pods/log web-1', 'get /healthz'."
)
def audit(
    asker: Asker,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    who: str,
    groups: tuple[str, ...],
    namespace: str,
    do: str,
) -> int:
    """At which level does an audit policy record a request, and which rule decides?

    Example: cks-trainer ask audit policy.yaml --as user:jane --do 'create secrets' -n prod
    """
    from trainer.ask.audit import ask_audit

    return answer(
        asker,
        kubernetes,
        lambda one: ask_audit(one.manifests, who, do, namespace, groups, kubernetes),
        paths,
    )


@command.command(name="admit")
@files
@click.option(
    "--object",
    "objects",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A file with the object.",
)
@click.option(
    "--operation", type=click.Choice(["CREATE", "UPDATE", "DELETE"]), default="CREATE", show_default=True
)
@click.option(
    "--as",
    "who",
    default="user:developer",
    show_default=True,
    metavar="SUBJECT",
    help="The subject that sends the request.",
)
def admit(
    asker: Asker,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    objects: tuple[Path, ...],
    operation: str,
    who: str,
) -> int:
    """Do ValidatingAdmissionPolicies admit an object, and which expression decides?

    Example: cks-trainer ask admit policy.yaml binding.yaml --object pod.yaml
    """
    from trainer.ask.admission import ask_admit

    return answer(
        asker,
        kubernetes,
        lambda one, subjects: ask_admit(one.manifests, subjects.manifests, operation, who),
        paths,
        objects,
    )


@command.command(name="routes")
@files
@click.option("--url", "urls", multiple=True, help="URL to try; if omitted, all routes are listed.")
@click.option("--class", "ingress_class", help="Only Ingresses of this class.")
def routes(
    asker: Asker,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    urls: tuple[str, ...],
    ingress_class: str | None,
) -> int:
    """Which Service answers a URL, is HTTP redirected, and which Secret provides the certificate?

    Example: cks-trainer ask routes ingress.yaml --url https://shop.example/api
    """
    from trainer.ask.routes import ask_routes

    return answer(asker, kubernetes, lambda one: ask_routes(one.manifests, urls, ingress_class), paths)


@command.command(name="settings")
@files
@click.option("--all", "every", is_flag=True, help="Also show settings that are defaults.")
def settings(asker: Asker, *, paths: tuple[Path, ...], kubernetes: Version, every: bool) -> int:
    """What are a component's effective settings, which line decides, and would it start?

    Example: cks-trainer ask settings kube-apiserver.yaml audit-policy.yaml
    """
    from trainer.ask.settings import ask_settings

    return answer(
        asker,
        kubernetes,
        lambda one: ask_settings(one.manifests, one.texts, every=every, kubernetes=kubernetes),
        paths,
        plain=True,
    )


@command.command(name="node")
@files
@click.option("--card", "card_id", metavar="CARD", help="The node of this card.")
@click.option(
    "--node",
    "nodes",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Nodes, in the form of the block `node` of a card.",
)
def node(
    asker: Asker,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    card_id: str | None,
    nodes: Path | None,
    **which: Any,
) -> int:
    """What would a shell script change on a node, right after it and after a restart?

    FILES is one script; it is interpreted, never executed. Without --card and --node it runs as root on a
    fresh server with Ubuntu 24.04.

    Example: cks-trainer ask node harden.sh --card node-kernel
    """
    from trainer.ask.loading import load_text
    from trainer.ask.node import ask_node

    given = _nodes(asker.run, card_id, nodes, which)

    def ask(loaded: Loaded) -> Reply:
        ((name, text),) = loaded.texts.items()
        return ask_node(text, name, given)

    return answer(asker, kubernetes, ask, paths, read=load_text)


node.params += wording_options()


def _nodes(run: Run, card_id: str | None, file: Path | None, which: dict[str, Any]) -> NodeGiven:
    """The nodes that the options name. Raises `UsageError`."""
    import msgspec

    from trainer.ask.loading import load_text
    from trainer.ask.node import PLAIN, read_node
    from trainer.simulate.node.given import NodeGiven

    if card_id and file:
        raise UsageError("both --card and --node declare nodes", remedy="name one of them")
    if file:
        ((name, text),) = load_text((file,)).texts.items()
        return read_node(text, name)
    if not card_id:
        return PLAIN
    card = run.card(card_id, **which)
    if not card.node:
        raise UsageError(f"the card {card.id} has no node", remedy="name a card whose answer is a node.sh")
    return msgspec.convert(card.node, NodeGiven)
