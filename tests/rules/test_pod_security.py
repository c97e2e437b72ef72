"""Rule `pod-security`: pods and workloads against a level."""

from __future__ import annotations

from tests.pictures import judging, lines_of, wrong_cells
from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.match.target import Target
from trainer.rules import pod_security
from trainer.rules.pod_security import Params
from trainer.simulate.world import World
from trainer.verdict import Status
from trainer.versions import DEFAULT

judge = judging(pod_security)

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true
      containers:
      - {name: web, image: nginx, securityContext: {privileged: true}}
"""


def world(text: str = DEPLOYMENT) -> World:
    document = parse(text.encode(), "web.yaml").documents[0]
    return World((Manifest(document.value, document),), kubernetes=DEFAULT)


@each_row("target", ["sun/web", "Deployment sun/web", Target("Workload", namespace="*")])
def test_fail_names_every_place_and_the_refusal(target: Target | str) -> None:
    outcome = judge(world(), Params(object=target, level="baseline"))
    assert outcome.status is Status.FAIL
    assert [(r.message, r.location and r.location.line) for r in outcome.reasons] == [
        ("`hostPID` must not be true.", 8),
        ("Container 'web' must not be privileged.", 10),
    ]
    assert outcome.evidence == (
        "A namespace that enforces baseline (v1.35) refuses the Pods of Deployment sun/web: "
        "host namespaces, privileged.",
    )


def test_pass() -> None:
    plain = DEPLOYMENT.replace("      hostPID: true\n", "").replace("privileged: true", "privileged: false")
    assert judge(world(plain), Params(object="sun/web", level="baseline")).status is Status.PASS


def test_nothing_to_judge_fails() -> None:
    outcome = judge(world(), Params(object="moon/web", level="baseline"))
    assert outcome.status is Status.FAIL
    assert "no workload web in Namespace moon" in outcome.reasons[0].message


def test_the_picture_has_controls_by_pod() -> None:
    after = DEPLOYMENT.replace("      hostPID: true\n", "")
    mine, old = (parse(text.encode(), "web.yaml").documents[0] for text in (after, DEPLOYMENT))
    change = World((Manifest(mine.value, mine),), (Manifest(old.value, old),), kubernetes=DEFAULT)
    picture = pod_security.picture(change, Params(object="sun/web", level="baseline"))
    assert picture.columns == ("Deployment sun/web",)
    assert lines_of(picture)[:3] == [
        "hostNamespaces | r:met",
        "privileged | w:violated",
        "capabilities_baseline | r:met",
    ]
    assert [row.cells[0].before for row in picture.rows[:3]] == ["violated", "", ""]
    assert [cell.location and cell.location.line for cell in wrong_cells(picture)] == [9]
