"""`cks-trainer ask`: question the engines about any manifests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run, group
from trainer.cli.options import kubernetes_option
from trainer.versions import DEFAULT, Version

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.ask import Loaded, Reply

PROTOCOLS = click.Choice(["TCP", "UDP", "SCTP"])


@group(name="ask")
def command() -> None:
    """Ask what manifests do: flows, access, Pod Security levels, routes. Each answer names the
    deciding line."""


def files(function: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments that every question takes."""
    path = click.Path(path_type=Path)
    function = kubernetes_option("Kubernetes version to ask about.", default=DEFAULT)(function)
    return click.argument("paths", nargs=-1, required=True, type=path, metavar="FILES...")(function)


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
    run: Run,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    source: str,
    target: str,
    port: int,
    protocol: str,
) -> None:
    """Can one Pod or address reach another, and which line decides?

    Example: cks-trainer ask flow pods.yaml policies.yaml --from shop/guest --to shop/db --port 5432
    """
    from trainer.ask.network import ask_flow

    _reply(run, ask_flow(_load(paths, kubernetes).manifests, source, target, port, protocol))


@command.command(name="matrix")
@files
@click.option("--port", type=click.IntRange(1, 65535), help="Show only this port; cells show yes or -.")
@click.option("--protocol", type=PROTOCOLS, default="TCP", show_default=True)
def matrix(
    run: Run, *, paths: tuple[Path, ...], kubernetes: Version, port: int | None, protocol: str
) -> None:
    """Show which workload can reach which, as a table.

    Example: cks-trainer ask matrix shop/ --port 8080
    """
    from trainer.ask.network import ask_matrix

    _reply(run, ask_matrix(_load(paths, kubernetes).manifests, port, protocol))


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
    run: Run,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    who: str,
    groups: tuple[str, ...],
    namespace: str,
    do: str,
) -> None:
    """Can a subject do this, and which binding and rule allow it?

    Example: cks-trainer ask can-i rbac.yaml --as sa:ci/deployer --do 'get secrets' -n ci
    """
    from trainer.ask.access import ask_can_i

    _reply(run, ask_can_i(_load(paths, kubernetes).manifests, who, do, namespace, groups))


@command.command(name="escalate")
@files
@subject
def escalate(
    run: Run, *, paths: tuple[Path, ...], kubernetes: Version, who: str, groups: tuple[str, ...]
) -> None:
    """Which privilege-escalation paths does a subject have?

    Example: cks-trainer ask escalate rbac.yaml --as sa:ci/deployer
    """
    from trainer.ask.access import ask_escalate

    _reply(run, ask_escalate(_load(paths, kubernetes).manifests, who, groups, kubernetes))


@command.command(name="pod-security")
@files
@click.option(
    "--level", type=click.Choice(["baseline", "restricted"]), help="Show what keeps them from this level."
)
@click.option("--version", "standards", default="", help="Version of the standards: v1.35 or latest.")
def pod_security(
    run: Run, *, paths: tuple[Path, ...], kubernetes: Version, level: str | None, standards: str
) -> None:
    """Which Pod Security level do Pods and workloads meet, and what keeps them from the next?

    Example: cks-trainer ask pod-security deployment.yaml --level restricted
    """
    from trainer.ask.pods import ask_pod_security

    version = standards or f"v{kubernetes}"
    _reply(run, ask_pod_security(_load(paths, kubernetes).manifests, level or "", version))


@command.command(name="audit")
@files
@subject
@namespace
@click.option(
    "--do", required=True, metavar="REQUEST", help="'create secrets', 'get pods/log web-1', 'get /healthz'."
)
def audit(
    run: Run,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    who: str,
    groups: tuple[str, ...],
    namespace: str,
    do: str,
) -> None:
    """At which level does an audit policy record a request, and which rule decides?

    Example: cks-trainer ask audit policy.yaml --as user:jane --do 'create secrets' -n prod
    """
    from trainer.ask.audit import ask_audit

    _reply(run, ask_audit(_load(paths, kubernetes).manifests, who, do, namespace, groups, kubernetes))


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
    run: Run,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    objects: tuple[Path, ...],
    operation: str,
    who: str,
) -> None:
    """Do ValidatingAdmissionPolicies admit an object, and which expression decides?

    Example: cks-trainer ask admit policy.yaml binding.yaml --object pod.yaml
    """
    from trainer.ask.admission import ask_admit

    subjects = _load(objects, kubernetes).manifests
    _reply(run, ask_admit(_load(paths, kubernetes).manifests, subjects, operation, who))


@command.command(name="routes")
@files
@click.option("--url", "urls", multiple=True, help="URL to try; if omitted, all routes are listed.")
@click.option("--class", "ingress_class", help="Only Ingresses of this class.")
def routes(
    run: Run,
    *,
    paths: tuple[Path, ...],
    kubernetes: Version,
    urls: tuple[str, ...],
    ingress_class: str | None,
) -> None:
    """Which Service answers a URL, is HTTP redirected, and which Secret provides the certificate?

    Example: cks-trainer ask routes ingress.yaml --url https://shop.example/api
    """
    from trainer.ask.routes import ask_routes

    _reply(run, ask_routes(_load(paths, kubernetes).manifests, urls, ingress_class))


@command.command(name="settings")
@files
@click.option("--all", "every", is_flag=True, help="Also show settings that are defaults.")
def settings(run: Run, *, paths: tuple[Path, ...], kubernetes: Version, every: bool) -> None:
    """What are a component's effective settings, which line decides, and would it start?

    Example: cks-trainer ask settings kube-apiserver.yaml audit-policy.yaml
    """
    from trainer.ask.settings import ask_settings

    loaded = _load(paths, kubernetes)
    _reply(run, ask_settings(loaded.manifests, loaded.texts, every=every, kubernetes=kubernetes))


def _load(paths: tuple[Path, ...], kubernetes: Version) -> Loaded:
    from trainer.ask import load
    from trainer.cli.failures import problem_line

    loaded = load(paths, kubernetes)
    for problem in loaded.problems:
        streams.say(problem_line(problem))
    return loaded


def _reply(run: Run, reply: Reply) -> None:
    """Print one answer: the summary line, its table, and the reasons with their places."""
    if run.json:
        streams.out_json(reply.json())
        return
    from trainer.cli.tables import table
    from trainer.safe_text import one_line

    streams.out(one_line(f"{reply.question}: {reply.answer}"))
    if reply.rows:
        streams.out()
        streams.out_lines(table(reply.rows[0], reply.rows[1:]))
    for reason in reply.reasons:
        place = f"{reason.location}  " if reason.location else ""
        streams.out(f"  {place}{one_line(reason.message)}")
